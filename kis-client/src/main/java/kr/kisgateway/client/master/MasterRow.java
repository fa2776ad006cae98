package kr.kisgateway.client.master;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One line of a master file, every field by the broker's name: {@code row.text("stac_month")}. Immutable. An unknown
 * name is an {@link IllegalArgumentException} with the file's names; a field that does not have the requested form
 * is a {@link BadMasterFieldException}.
 */
public final class MasterRow {
    private final Layout layout;
    private final byte[] line;
    private final int[] starts;

    MasterRow(Layout layout, byte[] line, int[] starts) {
        this.layout = layout;
        this.line = line;
        this.starts = starts;
    }

    /** The fields in their order. */
    public List<MasterField> fields() {
        return layout.fields();
    }

    /** The characters of a field without the blanks around them; empty text for a blank field. */
    public String text(String name) {
        return text(indexOf(name));
    }

    /** A whole number, or empty where the field is blank. Signs, leading zeros and {@code .0000} are accepted. */
    public OptionalLong number(String name) {
        Optional<BigDecimal> value = decimal(name);
        try {
            return value.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(value.get().longValueExact());
        } catch (ArithmeticException _) {
            throw new BadMasterFieldException(name, "is no whole number");
        }
    }

    /** An exact decimal number, or empty where the field is blank. */
    public Optional<BigDecimal> decimal(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            // A number in exponents could name a million digits.
            if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
                throw new BadMasterFieldException(name, "is no plain number");
            }
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException _) {
            throw new BadMasterFieldException(name, "is no number");
        }
    }

    /** A date written {@code yyyyMMdd}, or empty where the field is blank or only zeros. */
    public Optional<LocalDate> date(String name) {
        String text = text(name);
        if (text.isEmpty() || text.chars().allMatch(c -> c == '0')) {
            return Optional.empty();
        }
        try {
            if (text.length() != 8) {
                throw new BadMasterFieldException(name, "is no date");
            }
            return Optional.of(LocalDate.of(
                    Integer.parseInt(text, 0, 4, 10),
                    Integer.parseInt(text, 4, 6, 10),
                    Integer.parseInt(text, 6, 8, 10)));
        } catch (NumberFormatException | DateTimeException _) {
            throw new BadMasterFieldException(name, "is no date");
        }
    }

    /** Y and 1 are yes; N, 0 and blank are no: the structures document Y and N for some flags, 0 and 1 for others. */
    public boolean flag(String name) {
        return switch (text(name)) {
            case "Y", "1" -> true;
            case "N", "0", "" -> false;
            default -> throw new BadMasterFieldException(name, "is neither yes nor no");
        };
    }

    /** The same bytes under the same layout: listings of two days are equal when nothing in them changed. */
    @Override
    public boolean equals(Object other) {
        return other instanceof MasterRow that && layout == that.layout && Arrays.equals(line, that.line);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(line);
    }

    /** All fields, for logs and tests. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int i = 0; i < fields().size(); i++) {
            text.append(i == 0 ? "" : " ")
                    .append(fields().get(i).name())
                    .append('=')
                    .append(text(i));
        }
        return text.toString();
    }

    /** Reads every field once and throws for the first invalid one. */
    void check() {
        for (int i = 0; i < fields().size(); i++) {
            String name = fields().get(i).name();
            String text = decoded(i).orElseThrow(() -> new BadMasterFieldException(name, "is not cp949"));
            if (!layout.requiredForm(i).matches(text.strip())) {
                throw new BadMasterFieldException(
                        name, "does not have the form of " + fields().get(i).koreanName());
            }
        }
    }

    private String text(int column) {
        // check() was passed when this row was made, so there is always a value.
        return decoded(column).orElse("").strip();
    }

    private Optional<String> decoded(int column) {
        int separatorLength = layout.isSeparated() ? 1 : 0;
        return Cp949.decode(line, starts[column], starts[column + 1] - separatorLength);
    }

    private int indexOf(String name) {
        int at = layout.indexOf(name);
        if (at < 0) {
            throw new IllegalArgumentException("this file has no field " + name + "; it has "
                    + fields().stream().map(MasterField::name).toList());
        }
        return at;
    }
}
