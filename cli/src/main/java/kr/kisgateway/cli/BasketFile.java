package kr.kisgateway.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** A basket of orders as a CSV file: a header, then an order a line. Nothing needs quotes, so none are read. */
final class BasketFile {
    static final int ORDERS_MAX = 100;

    private static final Pattern WEIGHT = Pattern.compile("[0-9]{1,3}([.][0-9]{1,2})?");
    private static final long BYTES_MAX = 64 << 10;
    private static final List<String> REQUIRED = List.of("symbol", "side");
    private static final List<String> SIZES = List.of("qty", "amount", "weight");
    private static final List<String> COLUMNS = List.of(
            "symbol",
            "side",
            "qty",
            "amount",
            "weight",
            "price",
            "type",
            "session",
            "time_in_force",
            "venue",
            "strategy");

    /**
     * One order, with one of {@code qty}, {@code amount} and {@code weight}.
     *
     * @param number of the line in the file
     * @param amount won
     * @param weight percent
     */
    record Line(
            int number,
            String symbol,
            String side,
            OptionalLong qty,
            OptionalLong amount,
            Optional<BigDecimal> weight,
            Optional<BigDecimal> price,
            Optional<String> type,
            Optional<String> session,
            Optional<String> timeInForce,
            Optional<String> venue,
            Optional<String> strategy) {}

    private BasketFile() {}

    /**
     * The orders of a file.
     *
     * @param usageError makes the exception of a sentence
     */
    static List<Line> read(Path path, Function<String, ParameterException> usageError) {
        List<String> lines = lines(path, usageError);
        int header = 0;
        while (header < lines.size() && isSkipped(lines.get(header))) {
            header++;
        }
        if (header == lines.size()) {
            throw usageError.apply(path + " is empty; its first line is " + String.join(",", COLUMNS));
        }
        List<String> columns = cells(lines.get(header)).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        check(columns, header + 1, usageError);
        var orders = new ArrayList<Line>();
        for (int i = header + 1; i < lines.size(); i++) {
            if (!isSkipped(lines.get(i))) {
                orders.add(line(i + 1, columns, cells(lines.get(i)), usageError));
            }
        }
        if (orders.isEmpty() || orders.size() > ORDERS_MAX) {
            throw usageError.apply(path + " has " + orders.size() + " orders; a basket has 1 to " + ORDERS_MAX);
        }
        return orders;
    }

    private static List<String> lines(Path path, Function<String, ParameterException> usageError) {
        try {
            if (Files.size(path) > BYTES_MAX) {
                throw usageError.apply(path + " is longer than " + BYTES_MAX + " bytes");
            }
            String text = Files.readString(path, StandardCharsets.UTF_8);
            return (text.startsWith("\uFEFF") ? text.substring(1) : text)
                    .lines()
                    .toList();
        } catch (NoSuchFileException e) {
            throw usageError.apply("There is no file " + path);
        } catch (CharacterCodingException e) {
            throw usageError.apply(path + " is no text in UTF-8; store it as UTF-8");
        } catch (IOException e) {
            throw usageError.apply(path + " cannot be read");
        }
    }

    private static boolean isSkipped(String line) {
        return line.isBlank() || line.startsWith("#");
    }

    private static List<String> cells(String line) {
        return Stream.of(line.split(",", -1)).map(String::strip).toList();
    }

    private static void check(List<String> columns, int number, Function<String, ParameterException> usageError) {
        for (String column : columns) {
            if (!COLUMNS.contains(column)) {
                throw usageError.apply("Line " + number + ": there is no column '" + column + "'; the columns are "
                        + String.join(", ", COLUMNS));
            }
        }
        if (Set.copyOf(columns).size() < columns.size()) {
            throw usageError.apply("Line " + number + ": a column is there twice");
        }
        for (String required : REQUIRED) {
            if (!columns.contains(required)) {
                throw usageError.apply("Line " + number + ": the column '" + required + "' is missing");
            }
        }
        if (SIZES.stream().noneMatch(columns::contains)) {
            throw usageError.apply("Line " + number + ": the column 'qty' is missing, or 'amount', or 'weight'");
        }
    }

    private static Line line(
            int number, List<String> columns, List<String> cells, Function<String, ParameterException> usageError) {
        if (cells.size() != columns.size()) {
            throw usageError.apply("Line " + number + " has " + cells.size() + " cells, its header " + columns.size()
                    + "; write amounts without commas");
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            values.put(columns.get(i), cells.get(i));
        }
        for (String required : REQUIRED) {
            if (values.getOrDefault(required, "").isEmpty()) {
                throw usageError.apply("Line " + number + ": " + required + " is empty");
            }
        }
        if (SIZES.stream().filter(size -> optional(values, size).isPresent()).count() != 1) {
            throw usageError.apply("Line " + number + ": one of qty, amount and weight is required");
        }
        try {
            return new Line(
                    number,
                    values.getOrDefault("symbol", ""),
                    values.getOrDefault("side", ""),
                    amount(values, "qty"),
                    amount(values, "amount"),
                    optional(values, "weight").map(BasketFile::weight),
                    optional(values, "price").map(new PriceConverter()::convert),
                    optional(values, "type"),
                    optional(values, "session"),
                    optional(values, "time_in_force"),
                    optional(values, "venue"),
                    optional(values, "strategy"));
        } catch (TypeConversionException e) {
            throw usageError.apply("Line " + number + ": " + e.getMessage());
        }
    }

    private static BigDecimal weight(String text) {
        if (!WEIGHT.matcher(text).matches()) {
            throw new TypeConversionException("'" + text + "' is no weight; write percent, as 12.5");
        }
        return new BigDecimal(text);
    }

    private static OptionalLong amount(Map<String, String> values, String column) {
        return Format.amount(optional(values, column).map(new AmountConverter()::convert));
    }

    private static Optional<String> optional(Map<String, String> values, String column) {
        return Optional.of(values.getOrDefault(column, "")).filter(value -> !value.isEmpty());
    }
}
