package mallfeed.functions;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.analysis.NoSuchFunctionException;
import org.apache.spark.sql.connector.catalog.FunctionCatalog;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * The functions that field types are built from, as Spark's catalog `mallfeed`.
 *
 * <p>A session names this class as `spark.sql.catalog.mallfeed`; SQL then calls
 * `mallfeed.clean_text(cell)`. Spark turns each call into a plain call of the function's `invoke`.
 */
public final class Functions implements FunctionCatalog {
  private static final Map<String, UnboundFunction> BY_NAME = new TreeMap<>();

  static {
    ValueFunction[] all = {
      new Stripped(), new IsWritten(), new IsPlain(), new CleanText(), new CleanHtml(),
      new Unclosed(), new NumberInText(), new WholeNumber(), new NamedCurrency(), new Fitted(),
      new FitProblem(), new Faults(), new Word(), new Gtins(), new Moment(), new Address(),
      new Items(), new CleanItems(), new Attributes(), new AttributesDropped(),
      new PatternFound(), new PatternExtracted(), new PatternReplaced(), new IsLike(),
      new NoValue(), new ValueIn(), new HasBlankItem(), new WithoutTextMark(), new Fee(),
      new TextOfCell(), new TargetOfCell(), new FoundInCell(), new MarkedJson(),
      new HasOddItem(), new IsContainer(), new JointItems(), new NoLoneMark(), new WithoutGuard(),
    };
    for (ValueFunction function : all) {
      BY_NAME.put(function.name(), function);
    }
    BY_NAME.put(ContentHash.NAME, new ContentHash());
  }

  private String name;

  @Override
  public void initialize(String catalogName, CaseInsensitiveStringMap options) {
    name = catalogName;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Identifier[] listFunctions(String[] namespace) {
    return BY_NAME.keySet().stream()
        .map(function -> Identifier.of(namespace, function))
        .toArray(Identifier[]::new);
  }

  @Override
  public UnboundFunction loadFunction(Identifier called) throws NoSuchFunctionException {
    UnboundFunction function = BY_NAME.get(called.name());
    if (function == null || called.namespace().length > 0) {
      throw new NoSuchFunctionException(called);
    }
    return function;
  }
}
