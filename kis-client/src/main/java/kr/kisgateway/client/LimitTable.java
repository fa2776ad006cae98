package kr.kisgateway.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Dated;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * KIS's limits as dated data: each has a value, its source, and the first day on which it applies. The built-in
 * table is the resource {@code limits.yaml}; a newer one in the same form can be read instead.
 */
public final class LimitTable {
    /** One limit on a day. */
    public record Row(LocalDate from, int value, String source) {}

    private static final int WAITING_MAX = 10_000;

    private final JsonNode table;

    private LimitTable(JsonNode table) {
        this.table = table;
    }

    /** The built-in table. */
    public static LimitTable load() {
        try (InputStream in = Optional.ofNullable(LimitTable.class.getResourceAsStream("limits.yaml"))
                .orElseThrow()) {
            return read(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * A table in the form of the built-in one: JSON, in which {@code #} starts a comment. Every YAML parser reads it, too;
     * other YAML is not accepted here.
     *
     * @throws IllegalArgumentException when the form differs, or a limit is missing, out of order, or below 1
     */
    public static LimitTable read(InputStream in) {
        LimitTable table;
        try {
            table = new LimitTable(JsonMapper.builder()
                    .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
                    .build()
                    .readTree(in));
        } catch (JacksonException unreadable) {
            throw new IllegalArgumentException(
                    "limits are JSON with # comments, as the built-in limits.yaml: " + unreadable.getOriginalMessage(),
                    unreadable);
        }
        for (Environment environment : Environment.values()) {
            for (String name : List.of(
                    "calls-per-second",
                    "ledger-per-second",
                    "registrations",
                    "connects-per-minute",
                    "subscribes-per-minute",
                    "token-seconds")) {
                table.check(environment, name);
            }
        }
        return table;
    }

    /** KIS's limits on {@code day}; 10,000 callers may wait. */
    public Limits on(Environment environment, LocalDate day) {
        return new Limits(
                row(environment, "calls-per-second", day).value(),
                row(environment, "ledger-per-second", day).value(),
                row(environment, "registrations", day).value(),
                WAITING_MAX,
                row(environment, "connects-per-minute", day).value(),
                row(environment, "subscribes-per-minute", day).value(),
                row(environment, "token-seconds", day).value());
    }

    /** The limit {@code name} on {@code day}, with its source. */
    public Row row(Environment environment, String name, LocalDate day) {
        return Dated.on(day, rows(environment, name));
    }

    private void check(Environment environment, String name) {
        List<Dated<Row>> rows = rows(environment, name);
        boolean ordered = true;
        for (int i = 1; i < rows.size(); i++) {
            ordered &= rows.get(i - 1).from().isBefore(rows.get(i).from());
        }
        if (rows.isEmpty()
                || !ordered
                || rows.stream().anyMatch(row -> row.rule().value() < 1)) {
            throw new IllegalArgumentException("limits of " + key(environment) + ": " + name
                    + " must be rows in the order of their days, above 0");
        }
    }

    private List<Dated<Row>> rows(Environment environment, String name) {
        var rows = new ArrayList<Dated<Row>>();
        table.path(key(environment)).path(name).forEach(row -> {
            LocalDate from = LocalDate.parse(row.path("from").asString(""));
            rows.add(new Dated<>(
                    from,
                    new Row(from, row.path("value").asInt(0), row.path("source").asString(""))));
        });
        return rows;
    }

    private static String key(Environment environment) {
        return switch (environment) {
            case LIVE_FACE -> "live";
            case PAPER_FACE -> "paper";
        };
    }
}
