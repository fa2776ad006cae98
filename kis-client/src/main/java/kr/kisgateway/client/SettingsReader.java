package kr.kisgateway.client;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.client.KisSettings.HttpProfile;
import kr.kisgateway.client.KisSettings.Target;
import kr.kisgateway.client.fetch.Fetch;

/**
 * Judges a map of variables once. Every contradiction becomes a sentence; nothing is guessed about live, and half of a
 * pair of credentials counts as a slip of the pen and not as none.
 */
final class SettingsReader {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s*(ms|s|m|h)?");
    private static final Pattern PRODUCT = Pattern.compile("[0-9]{2}");
    private static final Pattern CANO = Pattern.compile("[0-9]{8}");
    private static final int TOKEN_KEY_MIN = 16;
    private static final int TOKEN_KEY_MAX = 1_000;

    /** What a client reads. */
    static final Set<String> NAMES = Set.of(
            "KIS_ENV",
            "KIS_MOCK",
            "KIS_USE_VIRTUAL_SERVER",
            "KIS_APP_KEY",
            "KIS_APP_SECRET",
            "KIS_MOCK_APP_KEY",
            "KIS_MOCK_APP_SECRET",
            "KIS_MOCK_CANO",
            "KIS_MOCK_ACNT_PRDT_CD",
            "KIS_ACCOUNT_NO",
            "KIS_ACCOUNT_NUMBER",
            "KIS_CANO",
            "KIS_ACNT_PRDT_CD",
            "KIS_HTS_ID",
            "KIS_API_BASE_URL_REAL",
            "KIS_API_BASE_URL_VIRTUAL",
            "KIS_WS_URL_LIVE",
            "KIS_WS_URL_MOCK",
            "KIS_API_RATE_LIMIT",
            "KIS_API_CIRCUIT_BREAKER_THRESHOLD",
            "KIS_API_CIRCUIT_BREAKER_TIMEOUT",
            "KIS_API_QUEUE_TIMEOUT",
            "KIS_HTTP_PROFILE",
            "KIS_TOKEN_DIR",
            "KIS_TOKEN_KEY");

    private static final List<String> CREDENTIALS = List.of(
            "KIS_APP_KEY",
            "KIS_APP_SECRET",
            "KIS_ACCOUNT_NO",
            "KIS_ACCOUNT_NUMBER",
            "KIS_CANO",
            "KIS_MOCK_APP_KEY",
            "KIS_MOCK_APP_SECRET",
            "KIS_MOCK_CANO");

    /** What the gateway and its launcher read from the same environment. */
    private static final Pattern OF_THE_GATEWAY =
            Pattern.compile("KIS_(WS_SYMBOLS|CACHE_TTL_.*|LIVE_TRADING|LIVE_ACCOUNTS|FACE_PORT|AOT|JDK_FOLDERS)");

    private final Map<String, String> variables;
    private final List<String> problems = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    SettingsReader(Map<String, String> variables) {
        this.variables = variables;
    }

    KisReply<KisSettings> read(LocalDate day, boolean simulatorThere) {
        Target target = target();
        String prefix = target == Target.MOCK && anyOf(List.of("KIS_MOCK_APP_KEY", "KIS_MOCK_APP_SECRET"))
                ? "KIS_MOCK_"
                : "KIS_";
        Optional<Secret> key = secret(prefix + "APP_KEY", 8, 64);
        Optional<Secret> secret = secret(prefix + "APP_SECRET", 16, 256);
        Optional<AccountNumber> account = account(target);
        Optional<URI> rest = restBase(target);
        boolean named = anyOf(CREDENTIALS);
        if (target == Target.LIVE || target == Target.MOCK && (named || rest.isPresent())) {
            need(prefix + "APP_KEY", key);
            need(prefix + "APP_SECRET", secret);
            need("KIS_ACCOUNT_NO", account);
        } else if (rest.isEmpty() && !simulatorThere) {
            missing.add(
                    named
                            ? "KIS_ENV=sim needs a simulator, and there is none on the class path or module path."
                            : "There are no credentials, and there is no simulator on the class path or module path.");
        } else if (target == Target.MOCK && rest.isEmpty()) {
            warnings.add("There are no credentials for KIS paper trading; a simulator with its limits is used.");
        }
        warnOfUnknownNames();
        Environment environment = target == Target.MOCK ? Environment.PAPER_FACE : Environment.LIVE_FACE;
        var settings = new KisSettings(
                target,
                key,
                secret,
                account,
                text("KIS_HTS_ID"),
                rest,
                wsBase(target, rest),
                limits(LimitTable.load().on(environment, day)),
                profile(),
                positive("KIS_API_CIRCUIT_BREAKER_THRESHOLD", 1_000),
                duration("KIS_API_CIRCUIT_BREAKER_TIMEOUT"),
                duration("KIS_API_QUEUE_TIMEOUT"),
                secret("KIS_TOKEN_KEY", TOKEN_KEY_MIN, TOKEN_KEY_MAX),
                warnings);
        return judged(settings);
    }

    private KisReply<KisSettings> judged(KisSettings settings) {
        if (!problems.isEmpty()) {
            return failed(
                    KisFailure.Kind.INVALID_SETTINGS,
                    problems,
                    "correct them in the environment or in .env; nothing was opened");
        }
        if (!missing.isEmpty()) {
            return failed(
                    KisFailure.Kind.CREDENTIALS_MISSING,
                    missing,
                    "set KIS_ENV=live or mock with KIS_APP_KEY, KIS_APP_SECRET and KIS_ACCOUNT_NO in the environment or in"
                            + " .env, or set none of them and add the kis-simulator artifact for invented prices");
        }
        return new KisReply.Ok<>(settings);
    }

    private static KisReply<KisSettings> failed(KisFailure.Kind kind, List<String> sentences, String remedy) {
        String all = String.join(" ", sentences);
        return new KisReply.Failed<>(KisFailure.of(kind, all.substring(0, all.length() - 1), remedy, false));
    }

    private void need(String name, Optional<?> value) {
        // What was set and is wrong has its own sentence.
        if (value.isEmpty() && text(name).isEmpty()) {
            missing.add(name + " is not set.");
        }
    }

    private Target target() {
        Optional<Boolean> mock = flag("KIS_MOCK");
        Optional<Boolean> virtual = flag("KIS_USE_VIRTUAL_SERVER");
        boolean paper = mock.orElse(false) || virtual.orElse(false);
        boolean notPaper =
                mock.filter(it -> !it).isPresent() || virtual.filter(it -> !it).isPresent();
        if (paper && notPaper) {
            problems.add("KIS_MOCK and KIS_USE_VIRTUAL_SERVER contradict each other; set KIS_ENV to sim, mock or live"
                    + " and leave both out.");
        }
        Optional<String> asked = word("KIS_ENV");
        if (asked.isEmpty()) {
            if (!paper && anyOf(CREDENTIALS)) {
                problems.add(
                        "Credentials are set but no environment; set KIS_ENV=sim (simulator), KIS_ENV=mock (KIS paper"
                                + " trading) or KIS_ENV=live (real money).");
            }
            return paper ? Target.MOCK : Target.SIM;
        }
        Target target = switch (asked.get()) {
            case "sim" -> Target.SIM;
            case "mock" -> Target.MOCK;
            case "live" -> Target.LIVE;
            default -> {
                problems.add("KIS_ENV must be sim, mock or live.");
                yield Target.SIM;
            }
        };
        if (paper && !notPaper && target != Target.MOCK) {
            problems.add("KIS_ENV=" + asked.get() + " contradicts "
                    + (mock.orElse(false) ? "KIS_MOCK" : "KIS_USE_VIRTUAL_SERVER")
                    + "=true, which means mock; leave one of them out.");
        }
        if (notPaper && !paper && target == Target.MOCK) {
            problems.add("KIS_ENV=mock contradicts " + (mock.isPresent() ? "KIS_MOCK" : "KIS_USE_VIRTUAL_SERVER")
                    + "=false; leave one of them out.");
        }
        return target;
    }

    /** One account by all its spellings; KIS's paper account may have its own. */
    private Optional<AccountNumber> account(Target target) {
        if (target == Target.MOCK && text("KIS_MOCK_CANO").isPresent()) {
            return account(List.of(), "KIS_MOCK_CANO", "KIS_MOCK_ACNT_PRDT_CD");
        }
        return account(List.of("KIS_ACCOUNT_NO", "KIS_ACCOUNT_NUMBER"), "KIS_CANO", "KIS_ACNT_PRDT_CD");
    }

    private Optional<AccountNumber> account(List<String> whole, String canoName, String productName) {
        var found = new LinkedHashSet<AccountNumber>();
        var names = new ArrayList<String>();
        for (String name : whole) {
            text(name)
                    .ifPresent(text -> AccountNumber.parse(text)
                            .ifPresentOrElse(
                                    number -> {
                                        found.add(number);
                                        names.add(name);
                                    },
                                    () -> problems.add(name + " must be eight digits, a hyphen and two digits.")));
        }
        Optional<String> product = formed(productName, PRODUCT, "two digits");
        Optional<String> cano = formed(canoName, CANO, "eight digits");
        // Without a product code the account's other spelling says it, else it is the ordinary stock account.
        Optional<String> known = product.or(() -> found.stream().findFirst().map(AccountNumber::productCode));
        cano.ifPresent(digits -> {
            found.add(new AccountNumber(digits, known.orElse("01")));
            names.add(canoName);
        });
        if (cano.isEmpty()
                && product.isPresent()
                && found.stream().anyMatch(number -> !number.productCode().equals(product.get()))) {
            problems.add(productName + " and " + names.getFirst() + " name different accounts.");
        }
        if (found.size() > 1) {
            problems.add(String.join(" and ", names) + " name different accounts; give one.");
        }
        return found.stream().findFirst();
    }

    private Optional<String> formed(String name, Pattern form, String what) {
        Optional<String> text = text(name);
        if (text.isPresent() && !form.matcher(text.get()).matches()) {
            problems.add(name + " must be " + what + ".");
            return Optional.empty();
        }
        return text;
    }

    private Optional<URI> restBase(Target target) {
        return switch (target) {
            case SIM -> address("SIMULATOR_URL", Set.of("http"), "http://127.0.0.1:8892");
            case MOCK -> address("KIS_API_BASE_URL_VIRTUAL", Set.of("http", "https"), "https://host:29443");
            case LIVE -> address("KIS_API_BASE_URL_REAL", Set.of("http", "https"), "https://host:9443");
        };
    }

    private Optional<URI> wsBase(Target target, Optional<URI> rest) {
        return switch (target) {
            case SIM -> rest.map(uri -> URI.create("ws://" + uri.getAuthority()));
            case MOCK -> address("KIS_WS_URL_MOCK", Set.of("ws", "wss"), "ws://host:31000");
            case LIVE -> address("KIS_WS_URL_LIVE", Set.of("ws", "wss"), "ws://host:21000");
        };
    }

    private Optional<URI> address(String name, Set<String> schemes, String example) {
        Optional<String> text = text(name);
        Optional<URI> address = text.map(it -> it.replaceFirst("/+$", ""))
                .flatMap(SettingsReader::uri)
                .filter(uri -> uri.getScheme() != null && schemes.contains(uri.getScheme()))
                .filter(KisConfig::isBase)
                .filter(uri -> !uri.getScheme().equals("http") || Fetch.isLoopback(uri));
        if (text.isPresent() && address.isEmpty()) {
            problems.add(name + " must be a base address as " + example
                    + (schemes.contains("http") ? " (plain http to this machine only)." : "."));
        }
        return address;
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text));
        } catch (IllegalArgumentException _) {
            // Said by the caller in our own words.
            return Optional.empty();
        }
    }

    private Limits limits(Limits dated) {
        int rate = positive("KIS_API_RATE_LIMIT", 1_000_000).orElse(dated.callsPerSecond());
        if (rate > dated.callsPerSecond()) {
            warnings.add("KIS_API_RATE_LIMIT=" + rate + " is above what KIS allows; " + dated.callsPerSecond()
                    + " calls a second are used.");
            rate = dated.callsPerSecond();
        }
        return new Limits(
                rate,
                Math.min(rate, dated.ledgerPerSecond()),
                dated.registrations(),
                dated.waitingMax(),
                dated.connectsPerMinute(),
                dated.subscribesPerMinute(),
                dated.tokenSeconds());
    }

    private HttpProfile profile() {
        return switch (word("KIS_HTTP_PROFILE").orElse("standard")) {
            case "standard" -> HttpProfile.STANDARD;
            case "pipeline" -> HttpProfile.PIPELINE;
            default -> {
                problems.add("KIS_HTTP_PROFILE must be standard or pipeline.");
                yield HttpProfile.STANDARD;
            }
        };
    }

    /** A misspelt limit that nobody mentions would be no limit. */
    private void warnOfUnknownNames() {
        new TreeSet<>(variables.keySet())
                .stream()
                        .filter(name -> name.startsWith("KIS_") && !NAMES.contains(name))
                        .filter(Predicate.not(OF_THE_GATEWAY.asMatchPredicate()))
                        .forEach(name -> warnings.add("There is no setting " + name + "; it is ignored."));
    }

    private boolean anyOf(List<String> names) {
        return names.stream().anyMatch(name -> text(name).isPresent());
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private Optional<String> word(String name) {
        return text(name).map(text -> text.toLowerCase(Locale.ROOT));
    }

    private Optional<Secret> secret(String name, int min, int max) {
        Optional<String> text = text(name);
        if (text.filter(it ->
                        it.length() < min || it.length() > max || it.chars().anyMatch(c -> c < 0x21 || c > 0x7E))
                .isPresent()) {
            problems.add(name + " must have " + min + " to " + max + " printable ASCII characters.");
            return Optional.empty();
        }
        return text.map(Secret::of);
    }

    private Optional<Boolean> flag(String name) {
        return word(name).flatMap(word -> switch (word) {
            case "true", "1", "yes", "on" -> Optional.of(true);
            case "false", "0", "no", "off" -> Optional.of(false);
            default -> {
                problems.add(name + " must be true or false.");
                yield Optional.empty();
            }
        });
    }

    private OptionalInt positive(String name, int max) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int number =
                text.filter(it -> it.matches("\\d{1,7}")).map(Integer::parseInt).orElse(0);
        if (number > 0 && number <= max) {
            return OptionalInt.of(number);
        }
        problems.add(name + " must be a whole number from 1 to " + max + ".");
        return OptionalInt.empty();
    }

    /** Seconds, or a number with ms, s, m or h; between 1 ms and a day. */
    private Optional<Duration> duration(String name) {
        Optional<String> text = word(name);
        Optional<Duration> duration = text.map(DURATION::matcher)
                .filter(Matcher::matches)
                .map(form -> new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unitMillis(form))))
                .map(millis -> Duration.ofMillis(millis.longValue()))
                .filter(it -> it.isPositive() && it.compareTo(Duration.ofDays(1)) <= 0);
        if (text.isPresent() && duration.isEmpty()) {
            problems.add(name + " must be a time as 5s, 500ms or 2m, from 1 ms to a day.");
        }
        return duration;
    }

    private static long unitMillis(Matcher form) {
        return switch (Optional.ofNullable(form.group(2)).orElse("s")) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
    }
}
