package kr.kisgateway.client.settings;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.market.NearestWord;

/**
 * Reads values in their forms. An unreadable value becomes a sentence among the problems, without the value, which may be a
 * secret; the default of the table is returned in its place.
 */
public final class SettingForms {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s*(ms|s|m|h)?");
    private static final Pattern DAYS = Pattern.compile("([1-9]\\d{0,3})d?");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,15})\\s*(kb|mb|gb)?");
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d");
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|localhost|::1|\\[::1]");
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "on");
    private static final Set<String> FALSE = Set.of("false", "0", "no", "off");

    private final SettingValues values;
    private final Target target;
    private final List<String> problems;

    /**
     * @param target the environment of the defaults
     * @param problems receives sentences about unreadable values
     */
    public SettingForms(SettingValues values, Target target, List<String> problems) {
        this.values = values;
        this.target = target;
        this.problems = problems;
    }

    /** The same values with the defaults of {@code other}. */
    public SettingForms in(Target other) {
        return new SettingForms(values, other, problems);
    }

    /** Adds a sentence about a problem. */
    public void problem(String sentence) {
        problems.add(sentence);
    }

    /** The explicit value, when it is not empty. */
    public Optional<String> text(Setting setting) {
        Optional<String> text = values.text(setting);
        if (text.isEmpty() || text.get().indexOf('\0') < 0) {
            return text;
        }
        String problem = setting + " contains the character U+0000, which no path and no name has.";
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
        return Optional.empty();
    }

    /** The effective value: the explicit one, else the default. */
    public Optional<String> effective(Setting setting) {
        return text(setting).or(() -> setting.fallback(target));
    }

    /** The effective value in lower case. */
    public Optional<String> keyword(Setting setting) {
        return effective(setting).map(text -> text.toLowerCase(Locale.ROOT));
    }

    /** One of {@code allowed}, in lower case; empty when it is not set and has no default. */
    public Optional<String> choice(Setting setting, List<String> allowed) {
        Optional<String> keyword = keyword(setting);
        if (keyword.isEmpty() || allowed.contains(keyword.get())) {
            return keyword;
        }
        String all = String.join(", ", allowed.subList(0, allowed.size() - 1)) + " or " + allowed.getLast();
        problems.add(setting + " must be " + all + NearestWord.ending(keyword.get(), allowed));
        return setting.fallback(target);
    }

    /** True or false as set; empty when it is not set. */
    public Optional<Boolean> explicitFlag(Setting setting) {
        return text(setting).flatMap(text -> {
            Optional<Boolean> flag = flag(text);
            if (flag.isEmpty()) {
                problems.add(setting + " must be true or false.");
            }
            return flag;
        });
    }

    /** True or false; a flag without a default is false. */
    public boolean flag(Setting setting) {
        return explicitFlag(setting)
                .or(() -> setting.fallback(target).flatMap(SettingForms::flag))
                .orElse(false);
    }

    /** The flag in {@code text}, in any of its spellings. */
    public static Optional<Boolean> flag(String text) {
        String keyword = text.strip().toLowerCase(Locale.ROOT);
        return TRUE.contains(keyword)
                ? Optional.of(true)
                : FALSE.contains(keyword) ? Optional.of(false) : Optional.empty();
    }

    /** A port; 0 beside a problem of a setting that has no default. */
    public int port(Setting setting) {
        Optional<String> text = text(setting);
        if (text.isPresent() && text.get().matches("\\d{1,5}") && Integer.parseInt(text.get()) <= 65_535) {
            return Integer.parseInt(text.get());
        }
        if (text.isPresent()) {
            problems.add(setting + " must be a port from 0 to 65535 (0 takes a free one).");
        }
        return setting.fallback(target).map(Integer::parseInt).orElse(0);
    }

    /** A whole number from 1 to {@code max}; empty when it is not set and has no default. */
    public OptionalInt count(Setting setting, int max) {
        Optional<String> text = effective(setting);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int number =
                text.filter(it -> it.matches("\\d{1,7}")).map(Integer::parseInt).orElse(0);
        if (number > 0 && number <= max) {
            return OptionalInt.of(number);
        }
        problems.add(setting + " must be a whole number from 1 to " + max + ".");
        return setting.fallback(target)
                .map(Integer::parseInt)
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    /** Bytes, or a number with kB, MB or GB (of 1,024), of a setting that has a default; 0 is allowed. */
    public long bytes(Setting setting) {
        Optional<String> text = text(setting);
        Optional<Long> bytes = text.flatMap(SettingForms::bytes);
        if (text.isPresent() && bytes.isEmpty()) {
            problems.add(setting + " must be a size as 256MB, 1GB or a number of bytes.");
        }
        return bytes.or(() -> bytes(required(setting))).orElseThrow();
    }

    private static Optional<Long> bytes(String text) {
        Matcher form = BYTES.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(form.group(1));
        int shift = switch (Optional.ofNullable(form.group(2)).orElse("")) {
            case "kb" -> 10;
            case "mb" -> 20;
            case "gb" -> 30;
            default -> 0;
        };
        return number <= Long.MAX_VALUE >> shift ? Optional.of(number << shift) : Optional.empty();
    }

    /** A time between 1 ms and a day, of a setting that has a default. */
    public Duration duration(Setting setting) {
        return explicitDuration(setting)
                .or(() -> duration(required(setting)))
                .orElseThrow(() -> new IllegalStateException("the default of " + setting + " is no time"));
    }

    /** The same as set; empty when it is not set. */
    public Optional<Duration> explicitDuration(Setting setting) {
        Optional<String> text = text(setting);
        Optional<Duration> duration = text.flatMap(SettingForms::duration);
        if (text.isPresent() && duration.isEmpty()) {
            problems.add(setting + " must be a time as 5s, 500ms or 2m, from 1 ms to a day.");
        }
        return duration;
    }

    /** Seconds, or a number with ms, s, m or h; between 1 ms and a day. */
    static Optional<Duration> duration(String text) {
        return Optional.of(DURATION.matcher(text.toLowerCase(Locale.ROOT)))
                .filter(Matcher::matches)
                .map(form -> new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unitMillis(form))))
                .map(millis -> Duration.ofMillis(millis.longValue()))
                .filter(it -> it.isPositive() && it.compareTo(Duration.ofDays(1)) <= 0);
    }

    private static long unitMillis(Matcher form) {
        return switch (Optional.ofNullable(form.group(2)).orElse("s")) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            default -> 3_600_000;
        };
    }

    /** Days as {@code 30d}; empty for {@code off}. */
    public OptionalInt days(Setting setting) {
        Optional<String> text = text(setting);
        Optional<OptionalInt> days = text.flatMap(SettingForms::days);
        if (text.isPresent() && days.isEmpty()) {
            problems.add(setting + " must be off, or days from 1d to 9999d.");
        }
        return days.or(() -> days(required(setting))).orElseThrow();
    }

    private static Optional<OptionalInt> days(String text) {
        if (text.equalsIgnoreCase("off")) {
            return Optional.of(OptionalInt.empty());
        }
        Matcher form = DAYS.matcher(text.toLowerCase(Locale.ROOT));
        return form.matches() ? Optional.of(OptionalInt.of(Integer.parseInt(form.group(1)))) : Optional.empty();
    }

    /** A time of the day as {@code 08:30}; empty for {@code off}. */
    public Optional<LocalTime> timeOfDay(Setting setting, boolean offAllowed) {
        String text = effective(setting).orElse("off");
        if (offAllowed && text.equalsIgnoreCase("off")) {
            return Optional.empty();
        }
        if (TIME.matcher(text).matches()) {
            return Optional.of(LocalTime.parse(text));
        }
        String usual = setting.fallback(target).filter(it -> !it.equals("off")).orElse("08:30");
        problems.add(setting + " must be a time of the day in Seoul, as " + usual + (offAllowed ? ", or off." : "."));
        return Optional.of(LocalTime.parse(usual));
    }

    /** A text that must not be displayed; empty when it is not set or invalid. */
    public Optional<String> secret(Setting setting, int min, int max) {
        Optional<String> text = text(setting);
        if (text.filter(it -> !isSecret(it, min, max)).isPresent()) {
            problems.add(setting + " must have " + min + " to " + max + " printable ASCII characters.");
            return Optional.empty();
        }
        return text;
    }

    /** Whether {@code text} has so many characters, all of them printable and ASCII. */
    public static boolean isSecret(String text, int min, int max) {
        return text.length() >= min && text.length() <= max && text.chars().allMatch(c -> c >= 0x21 && c <= 0x7E);
    }

    /**
     * An address of scheme, host and port only; plain http to this machine only.
     *
     * @param schemes allowed schemes
     * @param example for the sentence about a wrong one
     */
    public Optional<URI> base(Setting setting, Set<String> schemes, String example) {
        Optional<String> text = text(setting);
        Optional<URI> address = text.map(it -> it.replaceFirst("/+$", ""))
                .flatMap(SettingForms::uri)
                .filter(uri -> uri.getScheme() != null && schemes.contains(uri.getScheme()))
                .filter(SettingForms::isBase)
                .filter(uri -> !uri.getScheme().equals("http") || isThisMachine(uri));
        if (text.isPresent() && address.isEmpty()) {
            problems.add(setting + " must be a base address as " + example
                    + (schemes.contains("http") ? " (plain http to this machine only)." : "."));
        }
        return address;
    }

    /** The address of a server, encrypted or not, on any machine. */
    public Optional<URI> server(Setting setting, String example) {
        Optional<String> text = text(setting);
        Optional<URI> address = text.map(it -> it.replaceFirst("/+$", ""))
                .flatMap(SettingForms::uri)
                .filter(uri -> "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                .filter(SettingForms::isBase);
        if (text.isPresent() && address.isEmpty()) {
            problems.add(setting + " must be the address of a server as " + example + ".");
        }
        return address;
    }

    /** The address of a folder, ending with {@code /}; plain http to this machine only. */
    public static Optional<URI> folderAddress(String text) {
        return uri(text.endsWith("/") ? text : text + "/")
                .filter(uri -> "https".equals(uri.getScheme()) || "http".equals(uri.getScheme()) && isThisMachine(uri))
                .filter(uri -> uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null);
    }

    /** As {@link #folderAddress(String)}, of a setting. */
    public Optional<URI> folderAddress(Setting setting, String example) {
        Optional<String> text = text(setting);
        Optional<URI> address = text.flatMap(SettingForms::folderAddress);
        if (text.isPresent() && address.isEmpty()) {
            problems.add(setting + " must be the address of a folder as " + example + " (http to this machine only).");
        }
        return address;
    }

    /** The absolute path of {@code text}: {@code ~/} is the user's home, everything else is in the working folder. */
    public static Path path(String text, Path workingDir, Path homeDir) {
        Path path = text.equals("~") || text.startsWith("~/")
                ? homeDir.resolve(text.substring(Math.min(2, text.length())))
                : workingDir.resolve(text);
        return path.toAbsolutePath().normalize();
    }

    private static boolean isBase(URI address) {
        return address.getHost() != null
                && address.getRawUserInfo() == null
                && Optional.ofNullable(address.getRawPath()).orElse("").isEmpty()
                && address.getRawQuery() == null
                && address.getRawFragment() == null;
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(URI.create(text));
        } catch (IllegalArgumentException _) {
            // The caller reports it without the text.
            return Optional.empty();
        }
    }

    /** Whether {@code address} names this machine. */
    public static boolean isThisMachine(URI address) {
        return address.getHost() != null && isThisMachine(address.getHost());
    }

    /** Whether {@code host} names this machine. */
    public static boolean isThisMachine(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    private String required(Setting setting) {
        return setting.fallback(target)
                .orElseThrow(() -> new IllegalStateException("the table has no default of " + setting));
    }
}
