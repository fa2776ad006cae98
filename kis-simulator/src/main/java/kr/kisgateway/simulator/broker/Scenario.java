package kr.kisgateway.simulator.broker;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.market.Symbol;
import org.jspecify.annotations.Nullable;

/**
 * Scheduled events: faults, by time or by chance, and prices.
 *
 * @param description for people; may be empty
 * @param seed of the chances; absent, the broker's own
 * @param faults each with its own time
 * @param moves prices that stocks move to
 */
public record Scenario(String description, OptionalLong seed, List<Fault> faults, List<Move> moves) {
    /** The most prices in one scenario. */
    private static final int MAX_MOVES = 10_000;

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    public Scenario {
        faults = List.copyOf(faults);
        moves = List.copyOf(moves);
    }

    /** A scenario without description and prices. */
    public Scenario(OptionalLong seed, List<Fault> faults) {
        this("", seed, faults, List.of());
    }

    /**
     * A move of a stock to a price: its agents quote there, take the levels between, and continue from it.
     *
     * @param price in won, 1 or more; limited to the day's price limits
     * @param at time since the start of the scenario
     */
    public record Move(Symbol symbol, long price, Duration at) {
        public Move {
            if (price < 1) {
                throw new IllegalArgumentException("a price is 1 won or more, not " + price);
            }
        }
    }

    /** How the durations of a fault are distributed around its value. */
    public enum Distribution {
        /** Always the value. */
        CONSTANT,
        /** Uniform from {@code value - spread} to {@code value + spread}. */
        UNIFORM,
        /** Half lie below the value, and one in a hundred beyond {@code value + spread}: a network with a long tail. */
        LOGNORMAL;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Distribution parse(String what, Object field) {
            for (Distribution each : values()) {
                if (each.text().equals(field)) {
                    return each;
                }
            }
            throw new IllegalArgumentException(what + " must be constant, uniform or lognormal, not " + field);
        }
    }

    /**
     * One fault with its period.
     *
     * @param name as in the table of docs/SIMULATOR.md
     * @param on its targets ({@code orders}, {@code revisions}, …); empty = its default targets
     * @param count the most occasions that it hits; {@link Long#MAX_VALUE} = without end
     * @param chance of each occasion to be hit, above 0 and up to 1
     * @param at when it starts, after the start of the scenario or the control call
     * @param lasting how long it stays on; empty = without end
     * @param value of a fault that is a duration: in the unit its name ends with; 0 for the others
     * @param distribution how the durations lie around {@code value}, where they are drawn
     * @param spread of the distribution, in the same unit
     * @param path a part of the path of the calls that it hits; empty = all
     */
    public record Fault(
            String name,
            Set<String> on,
            long count,
            double chance,
            Duration at,
            Optional<Duration> lasting,
            long value,
            Distribution distribution,
            long spread,
            String path) {
        public Fault(
                String name,
                Set<String> on,
                long count,
                double chance,
                Duration at,
                Optional<Duration> lasting,
                long value,
                Distribution distribution,
                long spread,
                String path) {
            this.name = name;
            this.on = Set.copyOf(on);
            this.count = count;
            this.chance = chance;
            this.at = at;
            this.lasting = lasting;
            this.value = value;
            this.distribution = distribution;
            this.spread = spread;
            this.path = path;
            List<String> errors = FaultKind.validate(this);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", errors));
            }
        }

        /** A fault whose duration is constant, on every path. */
        public Fault(
                String name,
                Set<String> on,
                long count,
                double chance,
                Duration at,
                Optional<Duration> lasting,
                long value) {
            this(name, on, count, chance, at, lasting, value, Distribution.CONSTANT, 0, "");
        }

        /** A fault from the start and without end: a flag, or every occasion of a counter. */
        public static Fault always(String name, String... on) {
            return byChance(name, 1, on);
        }

        /** A duration from the start and without end, in the unit the name ends with. */
        public static Fault of(String name, long value, String... on) {
            return new Fault(name, Set.of(on), Long.MAX_VALUE, 1, Duration.ZERO, Optional.empty(), value);
        }

        /** This fault with a later start. */
        public Fault after(Duration wait) {
            return new Fault(name, on, count, chance, wait, lasting, value, distribution, spread, path);
        }

        /** This fault for a limited time. */
        public Fault lasting(Duration time) {
            return new Fault(name, on, count, chance, at, Optional.of(time), value, distribution, spread, path);
        }

        /** This fault with a distribution of durations. */
        public Fault spread(Distribution how, long by) {
            return new Fault(name, on, count, chance, at, lasting, value, how, by, path);
        }

        /** This fault for calls whose path contains {@code part}. */
        public Fault path(String part) {
            return new Fault(name, on, count, chance, at, lasting, value, distribution, spread, part);
        }

        /** The fields that {@link #parse} reads it from. */
        public Map<String, Object> toFields() {
            Map<String, Object> fields = new TreeMap<>();
            Set<String> allowed = FaultKind.fieldsOf(name);
            if (!on.isEmpty()) {
                fields.put("on", List.copyOf(on));
            }
            if (allowed.contains("count") && count != Long.MAX_VALUE) {
                fields.put("count", count);
            }
            if (allowed.contains("chance")) {
                fields.put("chance", chance);
            }
            fields.put("at", at.toMillis() + "ms");
            lasting.ifPresent(time -> fields.put("for", time.toMillis() + "ms"));
            if (allowed.contains("value")) {
                fields.put("value", value);
            }
            if (allowed.contains("distribution")) {
                fields.put("distribution", distribution.text());
                fields.put("spread", spread);
            }
            if (!path.isEmpty()) {
                fields.put("path", path);
            }
            return fields;
        }

        /** A fault that hits the next {@code count} occasions from the start. */
        public static Fault times(String name, long count, String... on) {
            return new Fault(name, Set.of(on), count, 1, Duration.ZERO, Optional.empty(), 0);
        }

        /** A fault that hits each occasion with the same chance, from the start and without end. */
        public static Fault byChance(String name, double chance, String... on) {
            return new Fault(name, Set.of(on), Long.MAX_VALUE, chance, Duration.ZERO, Optional.empty(), 0);
        }

        /**
         * Parses a fault of a scenario file or a control call.
         *
         * @throws IllegalArgumentException in sentences when the fields are no valid fault
         */
        static Fault parse(String name, Map<String, Object> fields) {
            Set<String> unknown = new TreeSet<>(fields.keySet());
            unknown.removeAll(FaultKind.fieldsOf(name));
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(
                        name + " does not take " + unknown + "; it takes " + FaultKind.fieldsOf(name));
            }
            boolean endless = fields.containsKey("chance") || fields.containsKey("for");
            return new Fault(
                    name,
                    targets(name, fields.get("on")),
                    wholeNumber(name + ".count", fields.getOrDefault("count", endless ? Long.MAX_VALUE : 1L)),
                    fields.containsKey("chance") ? fraction(name, fields.get("chance")) : 1,
                    duration(name + ".at", fields.getOrDefault("at", "0s")),
                    fields.containsKey("for")
                            ? Optional.of(duration(name + ".for", fields.get("for")))
                            : Optional.empty(),
                    time(name, ".value", fields.getOrDefault("value", 0L)),
                    Distribution.parse(name + ".distribution", fields.getOrDefault("distribution", "constant")),
                    time(name, ".spread", fields.getOrDefault("spread", 0L)),
                    text(name + ".path", fields.getOrDefault("path", "")));
        }

        private static String text(String what, Object value) {
            if (value instanceof String text) {
                return text;
            }
            throw new IllegalArgumentException(what + " must be a part of a path");
        }

        private static Set<String> targets(String name, @Nullable Object on) {
            if (on == null) {
                return Set.of();
            }
            List<?> list = on instanceof List<?> targetList ? targetList : List.of(on);
            Set<String> targets = new TreeSet<>();
            for (Object one : list) {
                if (!(one instanceof String text)) {
                    throw new IllegalArgumentException(name + ".on must be a word or a list of words");
                }
                targets.add(text);
            }
            return targets;
        }

        private static double fraction(String name, Object chance) {
            return switch (chance) {
                case Double d -> d;
                case BigDecimal d -> d.doubleValue();
                case Integer n -> n;
                case Long n -> n;
                default -> throw new IllegalArgumentException(name + ".chance must be a number above 0 and up to 1");
            };
        }

        private static long wholeNumber(String what, Object number) {
            return switch (number) {
                case Integer n -> n;
                case Long n -> n;
                default -> throw new IllegalArgumentException(what + " must be a whole number");
            };
        }

        private static long time(String name, String field, Object value) {
            if (!(value instanceof String text)) {
                return wholeNumber(name + field, value);
            }
            boolean negative = text.startsWith("-");
            Duration length = duration(name + field, negative ? text.substring(1) : text);
            Duration time = negative ? length.negated() : length;
            return name.endsWith("_ms") ? time.toMillis() : time.toSeconds();
        }

        private static Duration duration(String what, Object text) {
            Matcher parts = DURATION.matcher(String.valueOf(text));
            if (!parts.matches()) {
                throw new IllegalArgumentException(what + " must be a time as 500ms, 2s, 3m or 1h, not " + text);
            }
            long n = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(n);
                case "s" -> Duration.ofSeconds(n);
                case "m" -> Duration.ofMinutes(n);
                default -> Duration.ofHours(n);
            };
        }
    }

    /** A scenario without events. */
    public static Scenario none() {
        return new Scenario(OptionalLong.empty(), List.of());
    }

    /**
     * Parses the content of a YAML or JSON file: {@code seed}, {@code description}, {@code faults}, a list in
     * which each entry names its {@code fault}, and {@code prices}, a list of {@code symbol}, {@code price} and {@code at}.
     *
     * @throws IllegalArgumentException with every mistake in a sentence
     */
    public static Scenario parse(Map<String, Object> file) {
        List<String> errors = new ArrayList<>();
        Set<String> unknown = new TreeSet<>(file.keySet());
        unknown.removeAll(Set.of("seed", "description", "faults", "prices"));
        if (!unknown.isEmpty()) {
            errors.add("a scenario has seed, description, faults and prices, not " + unknown);
        }
        OptionalLong seed = OptionalLong.empty();
        switch (file.getOrDefault("seed", "")) {
            case Integer n -> seed = OptionalLong.of(n);
            case Long n -> seed = OptionalLong.of(n);
            default -> {
                if (file.containsKey("seed")) {
                    errors.add("seed must be a whole number");
                }
            }
        }
        if (!(file.getOrDefault("description", "") instanceof String)) {
            errors.add("description must be a text");
        }
        List<Fault> faults = new ArrayList<>();
        if (file.get("faults") instanceof List<?> entries) {
            int number = 0;
            for (Object entry : entries) {
                number++;
                try {
                    faults.add(entry(entry));
                } catch (IllegalArgumentException e) {
                    errors.add("fault " + number + ": " + e.getMessage());
                }
            }
        } else if (file.containsKey("faults") || !file.containsKey("prices")) {
            errors.add("faults must be a list");
        }
        List<Move> moves = moves(file, errors);
        if (faults.size() > Faults.MAX_RULES) {
            errors.add("a scenario has at most " + Faults.MAX_RULES + " faults");
        }
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", errors));
        }
        return new Scenario(String.valueOf(file.getOrDefault("description", "")), seed, faults, moves);
    }

    private static List<Move> moves(Map<String, Object> file, List<String> errors) {
        List<Move> moves = new ArrayList<>();
        if (!file.containsKey("prices")) {
            return moves;
        }
        if (!(file.get("prices") instanceof List<?> entries) || entries.size() > MAX_MOVES) {
            errors.add("prices must be a list of at most " + MAX_MOVES);
            return moves;
        }
        int number = 0;
        for (Object entry : entries) {
            number++;
            try {
                moves.add(move(entry));
            } catch (IllegalArgumentException e) {
                errors.add("price " + number + ": " + e.getMessage());
            }
        }
        return moves;
    }

    private static Move move(Object entry) {
        if (!(entry instanceof Map<?, ?> fields)
                || !Set.of("symbol", "price", "at").containsAll(fields.keySet())) {
            throw new IllegalArgumentException("it has symbol, price and at, and nothing else");
        }
        Symbol symbol = Symbol.parse(String.valueOf(fields.get("symbol")))
                .orElseThrow(() -> new IllegalArgumentException(
                        "symbol must be a code in quotes, as \"005930\", not " + fields.get("symbol")));
        return new Move(
                symbol,
                Fault.wholeNumber("price", orNothing(fields.get("price"))),
                fields.containsKey("at") ? Fault.duration("at", orNothing(fields.get("at"))) : Duration.ZERO);
    }

    private static Object orNothing(@Nullable Object value) {
        return value == null ? "nothing" : value;
    }

    private static Fault entry(Object entry) {
        if (!(entry instanceof Map<?, ?> map) || !(map.get("fault") instanceof String name)) {
            throw new IllegalArgumentException("it names no fault");
        }
        Map<String, Object> fields = new TreeMap<>();
        map.forEach((field, value) -> {
            if (!"fault".equals(field)) {
                if (value == null) {
                    throw new IllegalArgumentException(name + "." + field + " has no value");
                }
                fields.put(String.valueOf(field), value);
            }
        });
        return Fault.parse(name, fields);
    }
}
