package mallfeed.functions;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.connector.catalog.functions.BoundFunction;
import org.apache.spark.sql.connector.catalog.functions.ScalarFunction;
import org.apache.spark.sql.connector.catalog.functions.UnboundFunction;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * `mallfeed.content_hash(head, struct)`: SHA-256 (hex) over the head and the struct's fields in order.
 *
 * <p>Each value is written as its length in bytes, a colon and the value itself; null as a dash. Decimals
 * are written with all their decimals, times as microseconds, booleans as words; an array as its size and
 * its items, a map as first its keys and then its values, each after U+001F.
 */
public final class ContentHash implements UnboundFunction {
  private static final long serialVersionUID = 1L;
  static final String NAME = "content_hash";
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final UTF8String JOINT = UTF8String.fromString("\u001f");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "SHA-256 over the fields of a struct";
  }

  @Override
  public BoundFunction bind(StructType given) {
    if (given.size() != 2 || !(given.fields()[1].dataType() instanceof StructType)) {
      throw new UnsupportedOperationException(NAME + " takes a text and a struct");
    }
    return new OfStruct((StructType) given.fields()[1].dataType());
  }

  /** The hash of structs of one type. */
  public static final class OfStruct implements ScalarFunction<UTF8String> {
    private static final long serialVersionUID = 1L;
    private final StructType type;
    private final DataType[] types;

    OfStruct(StructType type) {
      this.type = type;
      types = new DataType[type.size()];
      for (int i = 0; i < types.length; i++) {
        types[i] = type.fields()[i].dataType();
      }
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String canonicalName() {
      return "mallfeed." + NAME;
    }

    @Override
    public DataType[] inputTypes() {
      return new DataType[] {DataTypes.StringType, type};
    }

    @Override
    public DataType resultType() {
      return DataTypes.StringType;
    }

    /** 64 hexadecimal digits. */
    public UTF8String invoke(UTF8String head, InternalRow row) {
      Written written = new Written();
      written.raw(head);
      for (int i = 0; i < types.length; i++) {
        write(row, i, written);
      }
      return written.hash();
    }

    private void write(InternalRow row, int i, Written written) {
      DataType is = types[i];
      boolean none = row.isNullAt(i);
      if (is instanceof MapType) {
        MapData map = none ? null : row.getMap(i);
        written.items(map == null ? null : map.keyArray());
        written.items(map == null ? null : map.valueArray());
      } else if (is instanceof ArrayType) {
        written.items(none ? null : row.getArray(i));
      } else if (none) {
        written.nothing();
      } else if (is.equals(DataTypes.StringType)) {
        written.text(row.getUTF8String(i));
      } else {
        written.ascii(plain(row, i, is));
      }
    }

    private static String plain(InternalRow row, int i, DataType is) {
      if (is instanceof DecimalType decimal) {
        return row.getDecimal(i, decimal.precision(), decimal.scale()).toJavaBigDecimal()
            .toPlainString();
      }
      if (is.equals(DataTypes.TimestampType) || is.equals(DataTypes.LongType)) {
        return Long.toString(row.getLong(i));
      }
      if (is.equals(DataTypes.IntegerType)) {
        return Integer.toString(row.getInt(i));
      }
      return Boolean.toString(row.getBoolean(i));
    }
  }

  /** The bytes written so far. */
  private static final class Written {
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(Written::sha256);
    private byte[] bytes = new byte[1024];
    private int size;

    void nothing() {
      room(1);
      bytes[size++] = '-';
    }

    void ascii(String value) {
      lengthOf(value.length());
      digits(value);
    }

    void text(UTF8String value) {
      lengthOf(value.numBytes());
      raw(value);
    }

    void items(ArrayData items) {
      if (items == null) {
        nothing();
        return;
      }
      int count = items.numElements();
      String head = Integer.toString(count);
      long total = head.length() + 1L + Math.max(0, count - 1);
      UTF8String[] texts = new UTF8String[count];
      for (int i = 0; i < count; i++) {
        texts[i] = items.getUTF8String(i);
        total += texts[i].numBytes();
      }
      lengthOf((int) total);
      digits(head);
      raw(JOINT);
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          raw(JOINT);
        }
        raw(texts[i]);
      }
    }

    UTF8String hash() {
      MessageDigest digest = DIGEST.get();
      digest.update(bytes, 0, size);
      byte[] found = digest.digest();
      byte[] hex = new byte[found.length * 2];
      for (int i = 0; i < found.length; i++) {
        hex[2 * i] = HEX[found[i] >> 4 & 0xf];
        hex[2 * i + 1] = HEX[found[i] & 0xf];
      }
      return UTF8String.fromBytes(hex);
    }

    private void lengthOf(int length) {
      digits(Integer.toString(length));
      room(1);
      bytes[size++] = ':';
    }

    private void digits(String ascii) {
      room(ascii.length());
      for (int i = 0; i < ascii.length(); i++) {
        bytes[size++] = (byte) ascii.charAt(i);
      }
    }

    private void raw(UTF8String value) {
      int length = value.numBytes();
      room(length);
      value.writeToMemory(bytes, org.apache.spark.unsafe.Platform.BYTE_ARRAY_OFFSET + size);
      size += length;
    }

    private void room(int more) {
      if (size + more > bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
      }
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException("every Java has SHA-256", impossible);
      }
    }
  }
}
