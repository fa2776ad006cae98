package kr.kisgateway.gateway.access;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
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
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NearestWord;
import kr.kisgateway.market.TradingCalendar;

/**
 * The validated properties of a new key; the command and the API create one from the same texts.
 *
 * @param layout of its virtual app key; empty without one
 * @param records how many records a frame of its virtual app key has; empty without one
 * @param ownBalances whether balances at the KIS-compatible port show its share by its own fills
 * @see ApiKey
 */
public record KeyRequest(
        String name,
        Role role,
        Optional<Set<String>> accounts,
        Optional<Set<String>> symbols,
        Optional<String> strategy,
        boolean ownOrdersOnly,
        List<Network> networks,
        OptionalInt callsPerSecond,
        Optional<Instant> expiresAt,
        Optional<String> layout,
        Optional<FaceRecords> records,
        boolean ownBalances) {
    /** Maximum calls per second of a key. */
    public static final int CALLS_MAX = 100_000;

    /** The rule for names, in words. */
    public static final String NAME_RULE =
            "1 to 40 characters of a-z, 0-9, dot, hyphen and underscore, first a letter or digit";

    /** Principals of orders that no key placed. */
    private static final Set<String> RESERVED = Set.of(Caller.LOCAL_NAME, "gateway", "external");

    private static final int STRATEGY_MAX = 64;
    private static final int ENTRIES_MAX = 1_000;
    private static final Duration VALIDITY_MAX = Duration.ofDays(36_525);

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");
    private static final String ACCEPT_ANYWAY =
            " (to accept it anyway: option --unlisted of ./kis keys create, field \"unlisted\": true of the call)";
    private static final Pattern ENTRY_FORM = Pattern.compile("[A-Za-z0-9._-]{1,40}");
    private static final Set<String> LAYOUTS = Set.of("classic", "samples", "current");
    private static final LocalDate LAYOUT_MIN = LocalDate.of(2020, 1, 1);
    private static final LocalDate LAYOUT_MAX = LocalDate.of(2099, 12, 31);
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern DAYS = Pattern.compile("([0-9]{1,4})d");

    /** Carries the problem of one property. */
    public static final class InvalidKeyRequestException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String field;

        InvalidKeyRequestException(String field, String what) {
            super(what.endsWith("?") || what.endsWith(".") ? what : what + ".", null, false, false);
            this.field = field;
        }

        /** The refusal of this property in the API. */
        Refusal refusal() {
            return Refusal.of(ErrorCode.INVALID_FIELD, "The field \"" + field + "\" " + getMessage())
                    .with("field", field);
        }

        /** The property's name in the API. */
        public String field() {
            return field;
        }
    }

    /**
     * Parses the properties.
     *
     * @param strategy the label of its orders
     * @param ownOrdersOnly whether it sees and changes only the orders that it placed; absent, when it is for a
     *     strategy
     * @param expires a number of days as {@code 90d}, a date (its end in Seoul), or an instant with offset
     * @throws InvalidKeyRequestException when one is invalid
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
            throw new InvalidKeyRequestException(
                    "name",
                    "must have " + NAME_RULE + ", and be none of "
                            + String.join(", ", new TreeSet<>(RESERVED))
                            + ", reserved for calls without a key, the gateway itself and outside orders");
        }
        if (strategy.filter(label -> label.isBlank() || label.length() > STRATEGY_MAX)
                .isPresent()) {
            throw new InvalidKeyRequestException("strategy", "must have 1 to " + STRATEGY_MAX + " characters");
        }
        if (callsPerSecond.isPresent() && (callsPerSecond.getAsInt() < 1 || callsPerSecond.getAsInt() > CALLS_MAX)) {
            throw new InvalidKeyRequestException("calls_per_second", "must be from 1 to " + CALLS_MAX);
        }
        return new KeyRequest(
                name,
                Role.of(role)
                        .orElseThrow(() -> new InvalidKeyRequestException(
                                "role",
                                "must be quote, trade, operator or admin"
                                        + NearestWord.ending(role, Role.wireNames()))),
                accounts.map(entries -> readEntries("accounts", entries)),
                symbols.map(entries -> readEntries("symbols", entries)),
                strategy,
                own.orElse(strategy.isPresent()),
                networks(networks),
                callsPerSecond,
                expires.map(text -> expiry(text, now)),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** The same with its own orders and the account's balances. */
    public KeyRequest withFace(String frameLayout) {
        return withFace(frameLayout, Optional.empty(), Optional.empty());
    }

    /**
     * The same key with a virtual app key for programs that speak KIS's protocol.
     *
     * @param frameLayout {@code classic}, {@code samples}, {@code current}, or a day as {@code 2026-11-22}
     * @param frameRecords {@code single} or {@code batched}; absent, the layout decides
     * @param sees {@code account}: all orders, and the account's balances; {@code own}: its own orders, and balances by its
     *     own fills; absent, {@link #ownOrdersOnly} decides, and balances are the account's
     * @throws InvalidKeyRequestException when one is none of these, or they contradict each other
     */
    public KeyRequest withFace(String frameLayout, Optional<String> frameRecords, Optional<String> sees) {
        if (!isLayout(frameLayout)) {
            throw new InvalidKeyRequestException(
                    "layout", "must be classic, samples, current or a day from " + LAYOUT_MIN + " to " + LAYOUT_MAX);
        }
        if (sees.filter(text -> isOwn(text) != ownOrdersOnly).isPresent()) {
            throw new InvalidKeyRequestException(
                    "sees", "contradicts which orders the key sees; leave out one of both");
        }
        return new KeyRequest(
                name,
                role,
                accounts,
                symbols,
                strategy,
                ownOrdersOnly,
                networks,
                callsPerSecond,
                expiresAt,
                Optional.of(frameLayout),
                Optional.of(
                        frameRecords.map(KeyRequest::readRecords).orElseGet(() -> FaceRecords.byLayout(frameLayout))),
                sees.filter(KeyRequest::isOwn).isPresent());
    }

    private static FaceRecords readRecords(String name) {
        return FaceRecords.of(name)
                .orElseThrow(() -> new InvalidKeyRequestException(
                        "records", "must be single or batched" + NearestWord.ending(name, FaceRecords.wireNames())));
    }

    /**
     * Whether a key with a virtual app key sees its own orders only: programs written for KIS know of no others, unless the
     * operator decides otherwise.
     *
     * @param own the operator's decision about orders; absent, {@code sees} decides
     * @param sees see {@link #withFace}
     * @throws InvalidKeyRequestException when {@code sees} is unknown
     */
    public static boolean ownOrdersOfFace(Optional<Boolean> own, Optional<String> sees) {
        return own.or(() -> sees.map(KeyRequest::isOwn)).orElse(true);
    }

    private static boolean isOwn(String sees) {
        return switch (sees) {
            case "own" -> true;
            case "account" -> false;
            default ->
                throw new InvalidKeyRequestException(
                        "sees", "must be account or own" + NearestWord.ending(sees, List.of("account", "own")));
        };
    }

    /**
     * Refuses unknown names: a misspelt account or symbol would create a key without permissions.
     *
     * @param accountAliases aliases of the configured accounts
     * @param listed whether a symbol is listed
     * @throws InvalidKeyRequestException naming the first unknown one
     */
    public void requireExisting(Set<String> accountAliases, Predicate<String> listed) {
        accounts.flatMap(all -> all.stream()
                        .filter(entry -> !accountAliases.contains(entry))
                        .findFirst())
                .ifPresent(entry -> {
                    throw new InvalidKeyRequestException(
                            "accounts",
                            "has \"" + entry + "\"; the accounts are " + String.join(", ", accountAliases)
                                    + ACCEPT_ANYWAY);
                });
        symbols.flatMap(all -> all.stream().filter(entry -> !listed.test(entry)).findFirst())
                .ifPresent(entry -> {
                    throw new InvalidKeyRequestException(
                            "symbols",
                            "has \"" + entry + "\", which no market lists; "
                                    + MarketSymbol.suggestion(entry)
                                            .map(meant -> "did you mean " + meant + "? ")
                                            .orElse("")
                                    + "./kis search finds the code of a name" + ACCEPT_ANYWAY);
                });
    }

    private static boolean isLayout(String text) {
        if (LAYOUTS.contains(text)) {
            return true;
        }
        if (!DATE.matcher(text).matches()) {
            return false;
        }
        try {
            var day = LocalDate.parse(text);
            return !day.isBefore(LAYOUT_MIN) && !day.isAfter(LAYOUT_MAX);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static Set<String> readEntries(String field, Collection<String> entries) {
        if (entries.isEmpty() || entries.size() > ENTRIES_MAX) {
            throw new InvalidKeyRequestException(field, "must name 1 to " + ENTRIES_MAX + "; omit it for all");
        }
        for (String entry : entries) {
            if (!ENTRY_FORM.matcher(entry).matches()) {
                throw new InvalidKeyRequestException(field, "has an entry that is none");
            }
        }
        return new LinkedHashSet<>(entries);
    }

    private static List<Network> networks(Collection<String> entries) {
        if (entries.size() > ENTRIES_MAX) {
            throw new InvalidKeyRequestException("networks", "may name at most " + ENTRIES_MAX);
        }
        var networks = new ArrayList<Network>();
        for (String text : entries) {
            networks.add(Network.parse(text)
                    .orElseThrow(() -> new InvalidKeyRequestException(
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
                at = ApiValues.time(text).orElseThrow(() -> new DateTimeException("no time: " + text));
            }
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new InvalidKeyRequestException(
                    "expires", "must be days as 90d, a date as 2027-01-31, or a time with its offset");
        }
        if (!at.isAfter(now)) {
            throw new InvalidKeyRequestException("expires", "must be later than now");
        }
        if (at.isAfter(now.plus(VALIDITY_MAX))) {
            throw new InvalidKeyRequestException("expires", "must be within a hundred years; leave it out for no end");
        }
        return at;
    }
}
