"""IAM in front of the local AWS: what a call asks, who calls, what is refused, what was used.

`operation.recognised` says which operation of AWS an HTTP request is, `rules.asks` what IAM is asked about it,
`gate.Gate` what IAM answers, `front.install` puts it before the server.
"""
