package kr.kisgateway.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.TradingCalendar;

/**
 * What somebody wants a new key to be, checked; both the command and the call make one of the same texts.
 *
 * @see ApiKey
 */
public record KeyRequest(
        String name,
        Role role,
        Optional<Set<String>> accounts,
        Optional<Set<String>> symbols,
        Optional<String> strategy,
        boolean own,
        List<Network> networks,
        OptionalInt callsPerSecond,
        Optional<Instant> expiresAt) {
    /** Calls a second that a key may be given at most. */
    public static final int CALLS_MAX = 100_000;

    /** Principals of orders that no key placed. */
    private static final Set<String> RESERVED = Set.of(Caller.LOCAL_NAME, "gateway", "external");

    private static final int STRATEGY_MAX = 64;
    private static final int ENTRIES_MAX = 1_000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._-]{1,40}");
    private static final Pattern DAYS = Pattern.compile("([0-9]{1,4})d");

    /** Carries what is wrong with one part. */
    public static final class BadKeyException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String field;

        BadKeyException(String field, String what) {
            super(what, null, false, false);
            this.field = field;
        }

        /** The part's name in the API. */
        public String field() {
            return field;
        }
    }

    /**
     * Reads the parts.
     *
     * @param strategy the label that its orders shall have
     * @param own whether it shall see and change only the orders that it placed; absent, when it is for a strategy
     * @param expires a number of days as {@code 90d}, a date (its end in Seoul), or an instant with offset
     * @throws BadKeyException when one cannot be
     */
    public static KeyRequest read(
            String name,
            String role,
            Optional<? extends Collection<String>> accounts,
            Optional<? extends Collection<String>> symbols,
            Optional<String> strategy,
            Optional<Boolean> own,
            Collection<String> networks,
            OptionalInt callsPerSecond,
            Optional<String> expires,
            Instant now) {
        if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
            throw new BadKeyException(
                    "name",
                    "must have 1 to 40 characters of a-z, 0-9, dot, hyphen and underscore, and be none of "
                            + String.join(", ", new TreeSet<>(RESERVED))
                            + ", which stand for calls without a key, the gateway itself and orders from elsewhere");
        }
        if (strategy.filter(label -> label.isBlank() || label.length() > STRATEGY_MAX)
                .isPresent()) {
            throw new BadKeyException("strategy", "must have 1 to " + STRATEGY_MAX + " characters");
        }
        if (callsPerSecond.isPresent() && (callsPerSecond.getAsInt() < 1 || callsPerSecond.getAsInt() > CALLS_MAX)) {
            throw new BadKeyException("calls_per_second", "must be from 1 to " + CALLS_MAX);
        }
        return new KeyRequest(
                name,
                Role.of(role).orElseThrow(() -> new BadKeyException("role", "must be quote, trade, operator or admin")),
                accounts.map(given -> words("accounts", given)),
                symbols.map(given -> words("symbols", given)),
                strategy,
                own.orElse(strategy.isPresent()),
                networks(networks),
                callsPerSecond,
                expires.map(text -> expiry(text, now)));
    }

    /**
     * Refuses what nothing here is: a misspelt account or symbol would make a key that may do nothing.
     *
     * @param known aliases of the accounts that there are
     * @param listed whether a symbol is listed
     * @throws BadKeyException naming the first that is not there
     */
    public void requireThere(Set<String> known, Predicate<String> listed) {
        accounts.flatMap(all -> all.stream().filter(it -> !known.contains(it)).findFirst())
                .ifPresent(it -> {
                    throw new BadKeyException(
                            "accounts",
                            "has \"" + it + "\"; the accounts are " + String.join(", ", known)
                                    + " (unlisted takes it all the same)");
                });
        symbols.flatMap(all -> all.stream().filter(it -> !listed.test(it)).findFirst())
                .ifPresent(it -> {
                    throw new BadKeyException(
                            "symbols",
                            "has \"" + it + "\", which no market lists; "
                                    + MarketSymbol.meant(it)
                                            .map(meant -> "did you mean " + meant + "? ")
                                            .orElse("")
                                    + "./kis search finds the code of a name (unlisted takes it all the same)");
                });
    }

    private static Set<String> words(String field, Collection<String> given) {
        if (given.isEmpty() || given.size() > ENTRIES_MAX) {
            throw new BadKeyException(field, "must name 1 to " + ENTRIES_MAX + "; leave it out for all");
        }
        for (String word : given) {
            if (!WORD.matcher(word).matches()) {
                throw new BadKeyException(field, "has an entry that is none");
            }
        }
        return new LinkedHashSet<>(given);
    }

    private static List<Network> networks(Collection<String> given) {
        if (given.size() > ENTRIES_MAX) {
            throw new BadKeyException("networks", "may name at most " + ENTRIES_MAX);
        }
        var networks = new ArrayList<Network>();
        for (String text : given) {
            networks.add(Network.parse(text)
                    .orElseThrow(() -> new BadKeyException(
                            "networks", "must be IP addresses or ranges of them, as 192.0.2.7 or 10.0.0.0/8")));
        }
        return networks;
    }

    private static Instant expiry(String text, Instant now) {
        Instant at;
        var days = DAYS.matcher(text);
        try {
            if (days.matches()) {
                at = now.plus(Duration.ofDays(Integer.parseInt(days.group(1))));
            } else if (text.length() == 10) {
                at = LocalDate.parse(text)
                        .plusDays(1)
                        .atStartOfDay(TradingCalendar.SEOUL)
                        .toInstant();
            } else {
                at = java.time.OffsetDateTime.parse(text).toInstant();
            }
        } catch (DateTimeParseException e) {
            throw new BadKeyException(
                    "expires", "must be days as 90d, a date as 2027-01-31, or a time with its offset");
        }
        if (!at.isAfter(now)) {
            throw new BadKeyException("expires", "must be later than now");
        }
        return at;
    }
}
