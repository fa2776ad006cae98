package kr.kisgateway.gateway.redis;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/** Writes fields of one line of text with {@code |} between them; {@link FieldReader} reads them in the same order. */
final class FieldWriter {
    private final StringBuilder line = new StringBuilder(256);
    private boolean hasFields;

    FieldWriter text(String text) {
        if (hasFields) {
            line.append('|');
        }
        hasFields = true;
        line.append(text.replace("\\", "\\\\").replace("|", "\\p"));
        return this;
    }

    FieldWriter number(long number) {
        return text(Long.toString(number));
    }

    FieldWriter number(OptionalLong number) {
        return text(number.isPresent() ? Long.toString(number.getAsLong()) : "");
    }

    FieldWriter decimal(BigDecimal decimal) {
        return text(decimal.toString());
    }

    FieldWriter decimal(Optional<BigDecimal> decimal) {
        return text(decimal.map(BigDecimal::toString).orElse(""));
    }

    FieldWriter flag(boolean flag) {
        return text(flag ? "1" : "0");
    }

    FieldWriter date(LocalDate date) {
        return number(date.toEpochDay());
    }

    /** Writes a time to the second. */
    FieldWriter time(LocalDateTime time) {
        return number(time.toEpochSecond(ZoneOffset.UTC));
    }

    /** Writes the number of items, then each. */
    <T> FieldWriter list(Collection<T> items, BiConsumer<FieldWriter, T> each) {
        number(items.size());
        items.forEach(item -> each.accept(this, item));
        return this;
    }

    /** Writes whether the item is present, then the item. */
    <T> FieldWriter optional(Optional<T> item, BiConsumer<FieldWriter, T> writer) {
        flag(item.isPresent());
        item.ifPresent(present -> writer.accept(this, present));
        return this;
    }

    @Override
    public String toString() {
        return line.toString();
    }
}
