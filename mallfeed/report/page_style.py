"""How the report page looks: the one style sheet, inside the page."""

from __future__ import annotations

STYLE = """
:root{--ink:#1b2430;--soft:#5d6b7a;--line:#e3e8ee;--back:#f5f7fa;--card:#fff;--blue:#2f6fde;
--pale:#b9c4d2;--good:#12805c;--goodb:#e6f5ef;--bad:#c0322b;--badb:#fdecea;--warn:#9a6700;
--warnb:#fff6df;color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.55 system-ui,-apple-system,
"Apple SD Gothic Neo","Malgun Gothic","Noto Sans KR","NanumGothic",sans-serif;word-break:keep-all;
overflow-wrap:anywhere}
main{max-width:960px;margin:0 auto;padding:20px 16px 56px}
.pick{position:absolute;opacity:0;pointer-events:none}
.langs{display:flex;justify-content:flex-end;gap:6px}
.langs label{padding:4px 14px;border:1px solid var(--line);border-radius:99px;background:var(--card);
cursor:pointer;font-size:14px;color:var(--soft)}
#ko:checked~main label[for=ko],#en:checked~main label[for=en]{background:var(--ink);color:#fff;
border-color:var(--ink)}
#ko:focus-visible~main label[for=ko],#en:focus-visible~main label[for=en]{outline:3px solid var(--blue);outline-offset:2px}
#ko:checked~main .en,#en:checked~main .ko{display:none}
h1{font-size:25px;line-height:1.3;margin:4px 0 12px}
h2{font-size:19px;margin:36px 0 10px}
h3{font-size:16px;margin:0}
p{margin:0 0 8px}
.soft,.none{color:var(--soft)}
.file{color:var(--soft);font-size:14px;margin-top:10px}
.outcome{background:var(--card);border:1px solid var(--line);border-left:6px solid var(--good);
border-radius:12px;padding:20px 22px;margin-top:14px}
.outcome.bad{border-left-color:var(--bad)}.outcome.warn{border-left-color:#e0a100}
.outcome.idle{border-left-color:var(--pale)}
.state{display:inline-block;border-radius:6px;padding:2px 10px;font-size:13px;font-weight:700;
background:var(--goodb);color:var(--good)}
.bad .state{background:var(--badb);color:var(--bad)}.warn .state{background:var(--warnb);color:var(--warn)}
.idle .state{background:var(--back);color:var(--soft)}
.todo{background:var(--back);border-radius:8px;padding:12px 14px;margin-top:12px}
.todo b{display:block;font-size:13px;color:var(--soft)}
.tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:10px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:12px 16px}
.tile b{display:block;font-size:26px;line-height:1.25;font-variant-numeric:tabular-nums}
.tile>span{font-weight:600;font-size:14px}
.tile small{display:block;color:var(--soft);font-size:13px;line-height:1.4;margin-top:2px}
.tile.red b{color:var(--bad)}.tile.amber b{color:var(--warn)}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 18px;margin-bottom:12px}
.bar{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.1fr) 86px;gap:6px 12px;
align-items:center;font-size:14px;padding:5px 0;color:inherit;text-decoration:none}
.bar .num{text-align:right;font-variant-numeric:tabular-nums}
.bar svg{display:block;width:100%;height:12px}
.bar svg+svg{margin-top:3px}
a.bar:hover .name{text-decoration:underline}
.key{display:flex;gap:16px;font-size:13px;color:var(--soft);margin-bottom:6px}
.key i{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:5px;vertical-align:-1px}
.num small{display:block;color:var(--soft);font-size:12px;line-height:1.2}
code{font:12.5px/1.4 ui-monospace,Consolas,monospace;color:var(--soft);background:var(--back);
border-radius:4px;padding:1px 5px;white-space:normal}
details>summary{cursor:pointer;list-style:none;display:flex;gap:10px;align-items:baseline;justify-content:space-between}
summary>b{white-space:nowrap}
summary::-webkit-details-marker{display:none}
summary h3::before{content:"▸";color:var(--soft);display:inline-block;width:18px}
details[open]>summary h3::before{content:"▾"}
.fix{margin:10px 0;padding:10px 12px;background:var(--back);border-radius:8px;font-size:15px}
table{width:100%;border-collapse:collapse;font-size:14px}
th,td{text-align:left;padding:7px 8px;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;color:var(--soft);font-weight:600;font-size:13px}
td.row,th.row{white-space:nowrap;width:1%;font-variant-numeric:tabular-nums;padding-right:20px}
td.field{width:24%}
footer{margin-top:36px;color:var(--soft);font-size:13px}
@media(max-width:640px){main{padding:12px 12px 40px}h1{font-size:21px}.outcome{padding:16px}
.tiles{grid-template-columns:1fr 1fr}.tile{padding:10px 12px}.tile b{font-size:22px}
.bar{grid-template-columns:minmax(0,1fr) 78px}.bar .name{grid-column:1/-1}.card{padding:14px}}
@media print{body{background:#fff}.langs{display:none}}
"""
