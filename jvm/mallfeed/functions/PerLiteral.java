package mallfeed.functions;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.spark.unsafe.types.UTF8String;

/**
* What is derived from a constant argument, derived once.
 *
 * <p>A constant is the same object in each call of a task, so most look-ups compare references. A
 * catalog has a handful of constants; only the last {@link #SLOTS} objects are remembered.
 */
final class PerLiteral<V> {
  private static final int SLOTS = 64;

  private final Function<String, V> make;
  private final ConcurrentHashMap<UTF8String, V> made = new ConcurrentHashMap<>();
  private volatile Slot<V>[] slots = empty();
  private int next;

  private record Slot<V>(UTF8String literal, V value) {}

  PerLiteral(Function<String, V> make) {
    this.make = make;
  }

  V of(UTF8String literal) {
    for (Slot<V> slot : slots) {
      if (slot == null) {
        break;
      }
      if (slot.literal == literal) {
        return slot.value;
      }
    }
    return remembered(literal);
  }

  private synchronized V remembered(UTF8String literal) {
    if (made.size() > 10_000) {
      made.clear(); // a job that ran for days over thousands of catalogs
    }
    V value = made.computeIfAbsent(literal, given -> make.apply(given.toString()));
    Slot<V>[] copy = slots.clone();
    copy[next++ % SLOTS] = new Slot<>(literal, value);
    slots = copy;
    return value;
  }

  @SuppressWarnings("unchecked")
  private static <V> Slot<V>[] empty() {
    return new Slot[SLOTS];
  }
}
