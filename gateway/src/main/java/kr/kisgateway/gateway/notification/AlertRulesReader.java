package kr.kisgateway.gateway.notification;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertPolicy;
import kr.kisgateway.gateway.alert.DailyHours;
import kr.kisgateway.gateway.alert.RuleFigure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads {@code alerts.yaml}. Every problem is reported with its place and without the value, which may be a secret; a file with
 * any problem is not used.
 */
final class AlertRulesReader {
    private static final int CHANNELS_MAX = 20;
    private static final int ROUTES_MAX = 50;
    /** Of words that a problem names. */
    private static final int LIST_MAX = 20;

    private static final int PORT_MAX = 65_535;
    private static final int PROBLEMS_MAX = 10;
    private static final Duration DEDUPE_MAX = Duration.ofDays(1);
    private static final Duration ESCALATION_MIN = Duration.ofSeconds(10);
    private static final String REFERENCE = "secret:";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    private static final Pattern CHAT = Pattern.compile("-?[0-9]{1,20}|@[A-Za-z0-9_]{5,32}");
    private static final Pattern TOKEN = Pattern.compile("[0-9]{1,20}:[A-Za-z0-9_-]{10,100}");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}");
    /** The usual form without quotes, comments and display names. */
    private static final Pattern MAIL_ADDRESS = Pattern.compile(
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,10}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?");

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int RECIPIENTS_MAX = 20;
    private static final int SENDERS_MAX = 20;
    private static final Map<String, Channel.Email.Security> SECURITIES = Map.of(
            "tls", Channel.Email.Security.TLS,
            "starttls", Channel.Email.Security.STARTTLS,
            "none", Channel.Email.Security.NONE);
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,5})(s|m|h|d)");
    private static final Set<String> LEVELS = Set.of("P1", "P2", "P3");
    private static final URI PAGERDUTY = URI.create("https://events.pagerduty.com");
    private static final URI TELEGRAM = URI.create("https://api.telegram.org");

    /** What was read: rules, or what is wrong. */
    record Reading(Optional<AlertRules> rules, List<String> problems) {}

    private final Path folder;
    private final Function<String, Optional<Secret>> secrets;
    private final List<String> problems = new ArrayList<>();

    private AlertRulesReader(Path folder, Function<String, Optional<Secret>> secrets) {
        this.folder = folder;
        this.secrets = secrets;
    }

    /**
     * @param folder base of the names of files
     * @param secrets the stored secret of a name
     */
    static Reading read(byte[] text, Path folder, Function<String, Optional<Secret>> secrets) {
        var reader = new AlertRulesReader(folder, secrets);
        var rules = reader.rules(text);
        var problems = reader.problems.stream().limit(PROBLEMS_MAX).toList();
        return new Reading(problems.isEmpty() ? rules : Optional.empty(), problems);
    }

    private Optional<AlertRules> rules(byte[] text) {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(text);
        } catch (JacksonException e) {
            var place = e.getLocation();
            problems.add("it is no YAML (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")");
            return Optional.empty();
        }
        if (root.isMissingNode() || root.isNull()) {
            return Optional.of(AlertRules.none());
        }
        members(
                root,
                "the file",
                Set.of("language", "channels", "routes", "rules", "messages", "quiet-hours", "dedupe"));
        var language = choice(root, "language", List.of("ko", "en")).orElse("ko");
        Map<String, Channel> channels = channels(root.path("channels"));
        requireOneReader(channels);
        return Optional.of(new AlertRules(
                AlertRules.Language.valueOf(language.toUpperCase(Locale.ROOT)),
                channels,
                root.has("routes")
                        ? routes(root.path("routes"), channelNames(root.path("channels")))
                        : usualRoutes(channelNames(root.path("channels")), root.has("messages")),
                quietHours(root.path("quiet-hours")),
                duration(root, "dedupe").orElse(AlertRules.DEDUPE_DEFAULT),
                policy(root.path("rules")),
                messages(root.path("messages"), channels, channelNames(root.path("channels")))));
    }

    // ---- channels ----

    /** Also those with problems: a route to one has none. */
    private static Set<String> channelNames(JsonNode node) {
        var names = new TreeSet<String>();
        node.properties().forEach(entry -> names.add(entry.getKey()));
        return names;
    }

    private Map<String, Channel> channels(JsonNode node) {
        var channels = new LinkedHashMap<String, Channel>();
        if (node.size() > CHANNELS_MAX) {
            problems.add("channels: there are " + node.size() + ", the maximum is " + CHANNELS_MAX);
            return channels;
        }
        if (!node.isMissingNode() && !node.isObject()) {
            problems.add("channels: must be names with their members");
        }
        node.properties().forEach(entry -> {
            var where = "channels." + entry.getKey();
            if (!NAME.matcher(entry.getKey()).matches()) {
                problems.add("channels: a name has small letters, digits and hyphens, at most 40");
            } else {
                channel(entry.getKey(), entry.getValue(), where)
                        .ifPresent(channel -> channels.put(entry.getKey(), channel));
            }
        });
        return channels;
    }

    /** Telegram passes the messages to a bot to one reader. */
    private void requireOneReader(Map<String, Channel> channels) {
        var bots = new TreeSet<String>();
        channels.forEach((name, channel) -> {
            if (channel instanceof Channel.Telegram telegram
                    && telegram.commands().isPresent()
                    && !bots.add(telegram.bot())) {
                problems.add("channels." + name + ".commands: another channel of the same bot has some");
            }
        });
    }

    private Optional<Channel> channel(String name, JsonNode node, String where) {
        var type = node.path("type").asString("");
        return switch (type) {
            case "slack" -> {
                members(node, where, Set.of("type", "url"));
                yield url(node, where, "url").map(Channel.Slack::new);
            }
            case "discord" -> {
                members(node, where, Set.of("type", "url"));
                yield url(node, where, "url").map(Channel.Discord::new);
            }
            case "telegram" -> {
                members(node, where, Set.of("type", "token", "chat", "url", "commands"));
                yield telegram(node, where);
            }
            case "email" -> {
                members(
                        node,
                        where,
                        Set.of("type", "host", "port", "security", "user", "password", "from", "to", "ca"));
                yield email(name, node, where);
            }
            case "pagerduty" -> {
                members(node, where, Set.of("type", "routing-key", "url"));
                var base = base(node, where, PAGERDUTY);
                var key = secret(node, where, "routing-key");
                yield base.flatMap(address -> key.map(it -> new Channel.PagerDuty(address, it)));
            }
            case "webhook" -> {
                members(node, where, Set.of("type", "url", "key"));
                var url = url(node, where, "url");
                var key = secret(node, where, "key");
                yield url.flatMap(address -> key.map(it -> new Channel.Webhook(address, it)));
            }
            default -> {
                problems.add(where + ".type: must be slack, discord, telegram, email, pagerduty or webhook");
                yield Optional.empty();
            }
        };
    }

    private Optional<Channel> telegram(JsonNode node, String where) {
        var base = base(node, where, TELEGRAM);
        var token = secret(node, where, "token");
        if (token.isPresent() && !TOKEN.matcher(token.get().reveal()).matches()) {
            problems.add(where + ".token: must be a bot's token, as 123456:letters");
            return Optional.empty();
        }
        var chat = node.path("chat").asString("");
        if (!CHAT.matcher(chat).matches()) {
            problems.add(where + ".chat: must be the number of a chat, in quotes, or @name");
            return Optional.empty();
        }
        int before = problems.size();
        var commands = commands(node.path("commands"), where + ".commands");
        return problems.size() > before
                ? Optional.empty()
                : base.flatMap(address -> token.map(it -> new Channel.Telegram(address, it, chat, commands)));
    }

    private Optional<Channel.Telegram.Commands> commands(JsonNode node, String where) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        members(node, where, Set.of("chats", "users", "changes"));
        var changes = node.path("changes");
        if (!changes.isMissingNode() && !changes.isBoolean()) {
            problems.add(where + ".changes: must be true or false");
        }
        return Optional.of(new Channel.Telegram.Commands(
                numbers(node, where, "chats", Long.MIN_VALUE),
                numbers(node, where, "users", 1),
                changes.isBoolean() && changes.booleanValue()));
    }

    private Set<Long> numbers(JsonNode node, String where, String name, long min) {
        var list = node.path(name);
        var numbers = new LinkedHashSet<Long>();
        for (JsonNode item : list) {
            var text = item.asString("");
            if (text.matches("-?[0-9]{1,18}") && Long.parseLong(text) >= min && Long.parseLong(text) != 0) {
                numbers.add(Long.parseLong(text));
            }
        }
        if (!list.isArray() || list.isEmpty() || numbers.size() != list.size() || list.size() > SENDERS_MAX) {
            problems.add(where + '.' + name + ": must be a list of different numbers, up to " + SENDERS_MAX
                    + ", as Telegram has them");
        }
        return numbers;
    }

    private Optional<Channel> email(String name, JsonNode node, String where) {
        int before = problems.size();
        var host = node.path("host").asString("");
        if (!HOST.matcher(host).matches()) {
            problems.add(where + ".host: must be the name or address of a server");
        }
        var security = one(node, where, "security", SECURITIES.keySet()).orElse("starttls");
        int usual = security.equals("tls") ? 465 : security.equals("none") ? 25 : 587;
        int port = node.has("port") ? node.path("port").asInt(0) : usual;
        if (!isPort(port)) {
            problems.add(where + ".port: must be a port");
        }
        Optional<Channel.Email.Login> login = Optional.empty();
        if (node.has("user") || node.has("password")) {
            var user = node.path("user").asString("");
            if (user.isEmpty() || CONTROL.matcher(user).find()) {
                problems.add(where + ".user: must be the name at the server");
            }
            login = secret(node, where, "password").map(password -> new Channel.Email.Login(user, password));
            if (security.equals("none")) {
                problems.add(where + ".security: must not be none with a password");
            }
        }
        var from = node.path("from").asString("");
        if (!MAIL_ADDRESS.matcher(from).matches()) {
            problems.add(where + ".from: must be an e-mail address");
        }
        var to = new ArrayList<String>();
        node.path("to").forEach(item -> to.add(item.asString("")));
        if (to.isEmpty()
                || to.size() > RECIPIENTS_MAX
                || !to.stream().allMatch(it -> MAIL_ADDRESS.matcher(it).matches())) {
            problems.add(where + ".to: must be a list of up to " + RECIPIENTS_MAX + " e-mail addresses");
        }
        Optional<Path> ca = node.has("ca") ? file(node.path("ca").asString("")) : Optional.empty();
        if (node.has("ca") && ca.isEmpty()) {
            problems.add(where + ".ca: must be a file of certificates in PEM that can be read");
        }
        return problems.size() > before
                ? Optional.empty()
                : Optional.of(new Channel.Email(
                        name,
                        host,
                        port,
                        Optional.ofNullable(SECURITIES.get(security)).orElseThrow(),
                        login,
                        from,
                        to,
                        ca));
    }

    private Optional<Path> file(String name) {
        try {
            return Optional.of(folder.resolve(name)).filter(it -> Files.isRegularFile(it) && Files.isReadable(it));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    private Optional<URI> base(JsonNode node, String where, URI usual) {
        return node.has("url")
                ? url(node, where, "url").map(it -> URI.create(it.reveal().replaceFirst("/+$", "")))
                : Optional.of(usual);
    }

    private Optional<Secret> url(JsonNode node, String where, String name) {
        return secret(node, where, name).filter(it -> {
            boolean usable = isUrl(it.reveal());
            if (!usable) {
                problems.add(where + '.' + name + ": must be an address that begins with https://");
            }
            return usable;
        });
    }

    private static boolean isUrl(String text) {
        try {
            var uri = new URI(text);
            var scheme = Optional.ofNullable(uri.getScheme()).orElse("");
            return (scheme.equals("https") || scheme.equals("http"))
                    && uri.getHost() != null
                    && isPort(uri.getPort())
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    /** @param port below zero where the address has none */
    private static boolean isPort(int port) {
        return port < 0 || port > 0 && port <= PORT_MAX;
    }

    private Optional<Secret> secret(JsonNode node, String where, String name) {
        var text = node.path(name).asString("").strip();
        if (text.isEmpty()) {
            problems.add(where + '.' + name + ": is missing");
            return Optional.empty();
        }
        if (!text.startsWith(REFERENCE)) {
            return Optional.of(Secret.of(text));
        }
        var stored = secrets.apply(text.substring(REFERENCE.length()));
        if (stored.isEmpty()) {
            problems.add(
                    where + '.' + name + ": refers to a secret that is not stored; ./kis secrets set NAME stores one");
        }
        return stored;
    }

    // ---- routes ----

    private List<AlertRules.Route> routes(JsonNode node, Set<String> channels) {
        var routes = new ArrayList<AlertRules.Route>();
        if (!node.isMissingNode() && !node.isArray()) {
            problems.add("routes: must be a list");
            return routes;
        }
        if (node.size() > ROUTES_MAX) {
            problems.add("routes: there are " + node.size() + ", the maximum is " + ROUTES_MAX);
            return routes;
        }
        for (int i = 0; i < node.size(); i++) {
            var where = "routes[" + i + "]";
            var route = node.get(i);
            members(route, where, Set.of("levels", "events", "to", "escalate"));
            var levels = texts(route, where, "levels", LEVELS);
            var to = texts(route, where, "to", channels);
            if (to.isEmpty()) {
                problems.add(where + ".to: names no channel");
            }
            routes.add(new AlertRules.Route(
                    levels.isEmpty() ? LEVELS : Set.copyOf(levels),
                    Set.copyOf(texts(route, where, "events", AlertEvent.names())),
                    to,
                    escalation(route.path("escalate"), where + ".escalate", channels, to)));
        }
        return routes;
    }

    private Optional<AlertRules.Escalation> escalation(
            JsonNode node, String where, Set<String> channels, List<String> before) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        members(node, where, Set.of("after", "to"));
        var after = duration(node.path("after").asString(""))
                .filter(it -> it.compareTo(ESCALATION_MIN) >= 0 && it.compareTo(DEDUPE_MAX) <= 0);
        if (after.isEmpty()) {
            problems.add(where + ".after: must be a duration from 10s to 24h, as 10m");
        }
        var to = texts(node, where, "to", channels);
        if (to.isEmpty()) {
            problems.add(where + ".to: names no channel");
        }
        if (to.stream().anyMatch(before::contains)) {
            problems.add(where + ".to: names a channel that the route itself names");
        }
        return after.map(it -> new AlertRules.Escalation(it, to));
    }

    /** A file without routes sends each category to the channel of its name. */
    private List<AlertRules.Route> usualRoutes(Set<String> channels, boolean hasMessages) {
        var routes = new ArrayList<AlertRules.Route>();
        for (AlertEvent.Category category : AlertEvent.Category.values()) {
            if (channels.contains(category.channel())) {
                Set<String> events = Arrays.stream(AlertEvent.values())
                        .filter(event -> event.category() == category)
                        .map(AlertEvent::publicName)
                        .collect(Collectors.toSet());
                routes.add(new AlertRules.Route(LEVELS, events, List.of(category.channel())));
            }
        }
        if (routes.isEmpty() && !channels.isEmpty() && !hasMessages) {
            problems.add("routes: are missing, and no channel is named "
                    + Arrays.stream(AlertEvent.Category.values())
                            .map(AlertEvent.Category::channel)
                            .collect(Collectors.joining(", "))
                    + ", so nothing would be sent");
        }
        return routes;
    }

    private Optional<AlertRules.QuietHours> quietHours(JsonNode node) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        members(node, "quiet-hours", Set.of("from", "to", "levels"));
        var levels = texts(node, "quiet-hours", "levels", LEVELS);
        return hours(node, "quiet-hours")
                .map(hours -> new AlertRules.QuietHours(hours, levels.isEmpty() ? Set.of("P3") : Set.copyOf(levels)));
    }

    private Optional<DailyHours> hours(JsonNode node, String where) {
        var from = time(node, where, "from");
        var to = time(node, where, "to");
        if (from.isEmpty() || to.isEmpty()) {
            return Optional.empty();
        }
        if (from.equals(to)) {
            problems.add(where + ": from and to are equal");
            return Optional.empty();
        }
        return Optional.of(new DailyHours(from.get(), to.get()));
    }

    private Optional<LocalTime> time(JsonNode node, String where, String name) {
        try {
            return Optional.of(LocalTime.parse(node.path(name).asString("")));
        } catch (DateTimeException _) {
            problems.add(where + '.' + name + ": must be a time of Korea, as \"22:00\", in quotes");
            return Optional.empty();
        }
    }

    // ---- messages ----

    private AlertRules.Messages messages(JsonNode node, Map<String, Channel> channels, Set<String> names) {
        if (node.isMissingNode()) {
            return AlertRules.Messages.none();
        }
        members(node, "messages", Set.of("fills", "daily-summary"));
        var fills = texts(node, "messages", "fills", names);
        requireReaders("messages.fills", fills, channels);
        return new AlertRules.Messages(fills, summary(node.path("daily-summary"), channels, names));
    }

    private Optional<AlertRules.DailySummary> summary(JsonNode node, Map<String, Channel> channels, Set<String> names) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        String where = "messages.daily-summary";
        members(node, where, Set.of("at", "to"));
        var to = texts(node, where, "to", names);
        if (to.isEmpty()) {
            problems.add(where + ".to: names no channel");
        }
        requireReaders(where + ".to", to, channels);
        return time(node, where, "at").map(at -> new AlertRules.DailySummary(at, to));
    }

    /** A service that opens incidents has no place for what needs no action. */
    private void requireReaders(String where, List<String> to, Map<String, Channel> channels) {
        if (to.stream().anyMatch(name -> channels.get(name) instanceof Channel.PagerDuty)) {
            problems.add(where + ": must not name a channel of the type pagerduty, which opens incidents");
        }
    }

    // ---- rules ----

    private AlertPolicy policy(JsonNode node) {
        var off = EnumSet.noneOf(AlertEvent.class);
        var levels = new EnumMap<AlertEvent, String>(AlertEvent.class);
        var hours = new EnumMap<AlertEvent, DailyHours>(AlertEvent.class);
        var figures = new EnumMap<RuleFigure, Long>(RuleFigure.class);
        if (!node.isMissingNode() && !node.isObject()) {
            problems.add("rules: must be events with their members");
        }
        node.properties().forEach(entry -> {
            var where = "rules." + entry.getKey();
            var event = AlertEvent.of(entry.getKey());
            if (event.isEmpty()) {
                problems.add("rules: has no event " + entry.getKey() + "; docs/ALERTS.md lists them");
            } else if (isOff(entry.getValue())) {
                off.add(event.get());
            } else {
                var rule = entry.getValue();
                var names = new TreeSet<>(Set.of("level", "hours"));
                RuleFigure.of(event.get()).forEach(figure -> names.add(figure.member()));
                members(rule, where, names);
                one(rule, where, "level", LEVELS).ifPresent(level -> levels.put(event.get(), level));
                if (rule.has("hours")) {
                    members(rule.path("hours"), where + ".hours", Set.of("from", "to"));
                    hours(rule.path("hours"), where + ".hours").ifPresent(it -> hours.put(event.get(), it));
                }
                RuleFigure.of(event.get()).stream()
                        .filter(figure -> rule.has(figure.member()))
                        .forEach(figure -> figure(rule.path(figure.member()), where, figure)
                                .ifPresent(value -> figures.put(figure, value)));
            }
        });
        return new AlertPolicy(off, levels, hours, figures);
    }

    /** {@code off}, which YAML also reads as false. */
    private static boolean isOff(JsonNode node) {
        return node.isBoolean()
                ? !node.booleanValue()
                : node.isString() && node.asString().equals("off");
    }

    private Optional<String> one(JsonNode node, String where, String name, Set<String> known) {
        if (!node.has(name)) {
            return Optional.empty();
        }
        var text = node.path(name).asString("");
        if (!known.contains(text)) {
            problems.add(where + '.' + name + ": must be one of " + String.join(", ", new TreeSet<>(known)));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private Optional<Long> figure(JsonNode node, String where, RuleFigure figure) {
        Optional<Long> value = switch (figure.unit()) {
            case SECONDS -> duration(node.asString("")).map(Duration::toSeconds);
            case DAYS ->
                duration(node.asString(""))
                        .filter(it -> it.equals(Duration.ofDays(it.toDays())))
                        .map(Duration::toDays);
            case PERCENT, COUNT ->
                node.isIntegralNumber() && node.canConvertToLong() ? Optional.of(node.longValue()) : Optional.empty();
        };
        var within = value.filter(it -> it >= figure.min() && it <= figure.max());
        if (within.isEmpty()) {
            problems.add(where + '.' + figure.member() + ": must be " + figure.range()
                    + (figure.unit() == RuleFigure.Unit.SECONDS ? ", as 30s, 5m or 1h" : ""));
        }
        return within;
    }

    // ---- values ----

    private void members(JsonNode node, String where, Set<String> names) {
        if (!node.isObject()) {
            problems.add(where + ": must have members: " + String.join(", ", new TreeSet<>(names)));
            return;
        }
        node.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !names.contains(name))
                .forEach(name -> problems.add(where + ": has no member " + name + "; its members are "
                        + String.join(", ", new TreeSet<>(names))));
    }

    private Optional<String> choice(JsonNode node, String name, List<String> choices) {
        var text = node.path(name).asString("");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!choices.contains(text)) {
            problems.add(name + ": must be " + String.join(" or ", choices));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private Optional<Duration> duration(JsonNode node, String name) {
        if (!node.has(name)) {
            return Optional.empty();
        }
        var duration = duration(node.path(name).asString("")).filter(it -> it.compareTo(DEDUPE_MAX) <= 0);
        if (duration.isEmpty()) {
            problems.add(name + ": must be a duration up to 24h, as 30s, 5m or 1h");
        }
        return duration;
    }

    private static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }

    /** The texts of a list, each one of {@code known}; none when there is no list. */
    private List<String> texts(JsonNode node, String where, String name, Set<String> known) {
        var list = node.path(name);
        var texts = new LinkedHashSet<String>();
        if (!list.isMissingNode() && !list.isArray()) {
            problems.add(where + '.' + name + ": must be a list, as ["
                    + known.stream().limit(2).reduce((a, b) -> a + ", " + b).orElse("") + "]");
            return List.of();
        }
        for (JsonNode item : list) {
            var text = item.asString("");
            if (known.contains(text)) {
                texts.add(text);
            } else {
                problems.add(where + '.' + name + ": knows "
                        + (known.size() > LIST_MAX
                                ? "the events of docs/ALERTS.md only"
                                : String.join(", ", new TreeSet<>(known))));
            }
        }
        return List.copyOf(texts);
    }
}
