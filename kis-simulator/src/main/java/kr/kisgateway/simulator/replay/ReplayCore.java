package kr.kisgateway.simulator.replay;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.simulator.broker.AccessTokens;
import kr.kisgateway.simulator.broker.Core;
import kr.kisgateway.simulator.broker.Effect;
import kr.kisgateway.simulator.broker.HttpAnswer;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Step;
import kr.kisgateway.simulator.broker.Verdict;
import kr.kisgateway.simulator.catalog.Json;
import tools.jackson.databind.JsonNode;

/**
 * Plays a recording instead of simulating: the n-th WebSocket that is opened receives what the n-th recorded one received, byte
 * for byte and in its rhythm, and calls get the recorded answers.
 *
 * <p>Acknowledgements are sent on request. What the recorded client received after a registration waits until this client has
 * made it too, for a limited time. Tokens and approval keys are newly issued, since the recorded ones are removed and would be
 * expired.
 */
public final class ReplayCore implements Core {
    /** How long a session waits for a registration that the recorded client made. */
    private static final Duration GATE_TIMEOUT = Duration.ofSeconds(10);

    /** Fields that differ from client to client. */
    private static final Set<String> PERSONAL =
            Set.of("CANO", "ACNT_PRDT_CD", "APPKEY", "APPSECRET", "SECRETKEY", "TOKEN", "ACNT_NO");

    private static final DateTimeFormatter KST =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(TradingCalendar.SEOUL);

    private static final Pattern INSTRUMENT_FIELD = Pattern.compile(
            "(FID_)?(INPUT_)?ISCD(_\\d+)?|FID_COND_MRKT_DIV_CODE(_\\d+)?|(OVRS_)?PDNO|SYMB|EXCD|ITEM_CD|SHTN_PDNO");

    /**
     * An answer with its latency.
     *
     * @param orders how many orders, modifies and cancels the recorded client had sent before its request
     * @param answer empty = the connection broke
     */
    private record Recorded(long micros, long orders, Optional<HttpAnswer> answer) {}

    /**
     * Answers to the same request, one after another and then the last again. One that was given after an order waits until
     * the client has sent as many: a list must not contain an order before it is placed.
     */
    private static final class Answers {
        final List<Recorded> all = new ArrayList<>();
        int lastIndex = -1;

        Recorded next(long orders) {
            boolean first = lastIndex < 0;
            if (first || lastIndex < all.size() - 1 && all.get(lastIndex + 1).orders() <= orders) {
                lastIndex++;
            }
            return all.get(lastIndex);
        }
    }

    private static final class Session {
        final Script script;
        final Set<Script.SocketRequest> requests = new HashSet<>();
        Instant started;
        int next;

        Session(Script script, Instant started) {
            this.script = script;
            this.started = started;
        }
    }

    private record ScheduledEffect(Instant at, long sequence, Effect effect) {}

    private final double speed;
    private final Deque<Script> scripts = new ArrayDeque<>();
    private final Map<String, Answers> exact = new HashMap<>();
    private final Map<String, Answers> similar = new HashMap<>();
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private final PriorityQueue<ScheduledEffect> schedule =
            new PriorityQueue<>(Comparator.comparing(ScheduledEffect::at).thenComparingLong(ScheduledEffect::sequence));
    private long sequence;
    private long frames;
    private long unrecordedCalls;
    private long orders;

    /** @param speed as a multiple of the recorded speed, above 0 */
    public ReplayCore(Recording recording, double speed) {
        if (!(speed > 0 && speed <= 1_000_000)) {
            throw new IllegalArgumentException("the speed must lie above 0 and up to 1,000,000, not " + speed);
        }
        this.speed = speed;
        Map<Long, Script> open = new HashMap<>();
        Map<Long, Event.Called> calls = new HashMap<>();
        Map<Long, Long> ordersBefore = new HashMap<>();
        long recordedOrders = 0;
        for (Event event : recording.events()) {
            switch (event) {
                case Event.Opened e -> {
                    Script script = new Script(e.at());
                    open.put(e.session(), script);
                    scripts.add(script);
                }
                case Event.ClientText e ->
                    Optional.ofNullable(open.get(e.session())).ifPresent(s -> s.addClientText(e));
                case Event.BrokerText e ->
                    Optional.ofNullable(open.get(e.session())).ifPresent(s -> s.addBrokerText(e));
                case Event.Ended e ->
                    Optional.ofNullable(open.remove(e.session())).ifPresent(s -> s.ended(e));
                case Event.Removed e -> {
                    // It has no recipient.
                }
                case Event.Called e -> {
                    calls.put(e.call(), e);
                    ordersBefore.put(e.call(), recordedOrders);
                    recordedOrders += isOrder(e.method(), e.path()) ? 1 : 0;
                }
                case Event.Answered e ->
                    Optional.ofNullable(calls.remove(e.call()))
                            .ifPresent(call -> addRecorded(
                                    call,
                                    new Recorded(
                                            e.at() - call.at(),
                                            ordersBefore.getOrDefault(e.call(), 0L),
                                            Optional.of(new HttpAnswer(e.status(), e.trId(), e.trCont(), e.body())))));
                case Event.ConnectionReset e ->
                    Optional.ofNullable(calls.remove(e.call()))
                            .ifPresent(call -> addRecorded(
                                    call,
                                    new Recorded(
                                            e.at() - call.at(),
                                            ordersBefore.getOrDefault(e.call(), 0L),
                                            Optional.empty())));
            }
        }
    }

    private void addRecorded(Event.Called call, Recorded recorded) {
        Map<String, String> fields = call.method().equals("GET") ? query(call.query()) : body(call.body());
        String callKey = callKey(call.method(), call.path(), call.trId(), call.trCont());
        exact.computeIfAbsent(callKey + ' ' + fieldsKey(fields), k -> new Answers())
                .all
                .add(recorded);
        similar.computeIfAbsent(callKey + ' ' + instrumentKey(fields), k -> new Answers())
                .all
                .add(recorded);
    }

    private static boolean isOrder(String method, String path) {
        return method.equals("POST") && path.contains("/trading/");
    }

    private static String callKey(String method, String path, String trId, String trCont) {
        return method + ' ' + path + ' ' + trId + ' ' + trCont.strip();
    }

    /** The request in a form that does not depend on the caller, nor on the order and spelling of parameters. */
    private static String fieldsKey(Map<String, String> fields) {
        TreeMap<String, String> sorted = new TreeMap<>();
        fields.forEach((name, value) -> {
            String upper = name.toUpperCase(Locale.ROOT);
            if (!PERSONAL.contains(upper) && !value.isBlank()) {
                // Keys of pages contain the account; the answers come in order anyway.
                sorted.put(upper, upper.startsWith("CTX_AREA") ? "(page)" : value.strip());
            }
        });
        return sorted.toString();
    }

    /**
     * The instrument of a request. A request about the same instrument with other dates or counts gets the recorded answer,
     * since a program that runs later requests its own day; another stock's figures are never returned.
     */
    private static String instrumentKey(Map<String, String> fields) {
        TreeMap<String, String> sorted = new TreeMap<>();
        fields.forEach((name, value) -> {
            String upper = name.toUpperCase(Locale.ROOT);
            if (INSTRUMENT_FIELD.matcher(upper).matches() && !value.isBlank()) {
                sorted.put(upper, value.strip());
            }
        });
        return sorted.toString();
    }

    private static Map<String, String> query(String query) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // a lone per cent sign: then it means itself
        }
    }

    private static Map<String, String> body(String text) {
        Map<String, String> fields = new HashMap<>();
        JsonNode root = RecordingLines.lenient(text);
        root.properties()
                .forEach(field -> fields.put(field.getKey(), field.getValue().asString("")));
        return fields;
    }

    @Override
    public Step handle(Input input, Instant now) {
        List<Effect> effects = new ArrayList<>();
        advance(now, effects);
        switch (input) {
            case Input.Rest call -> rest(call, now, effects);
            case Input.SocketOpened opened -> {
                Script script = scripts.isEmpty() ? new Script(0) : scripts.remove();
                sessions.put(opened.session(), new Session(script, now));
            }
            case Input.SocketText text -> receiveText(text, effects);
            case Input.SocketPong pong -> {}
            case Input.SocketClosed closed -> sessions.remove(closed.session());
            case Input.Tick tick -> {}
            case Input.Play play -> {}
            case Input.PlayNow play -> effects.add(new Effect.Reply(play.id(), noFaults()));
            case Input.OperateMarket command -> effects.add(new Effect.Reply(command.id(), noFaults()));
            case Input.SwitchFaults command -> effects.add(new Effect.Reply(command.id(), noFaults()));
            case Input.ReadVerdict verdict ->
                effects.add(new Effect.Reply(verdict.id(), new HttpAnswer(200, "", "", new Verdict(List.of()).json())));
            case Input.ReadState state -> effects.add(new Effect.Reply(state.id(), state()));
        }
        advance(now, effects);
        return new Step(List.of(), effects);
    }

    private static HttpAnswer noFaults() {
        return new HttpAnswer(
                400,
                "",
                "",
                Json.object()
                        .field("error", "faults cannot be switched while a recording is played")
                        .text());
    }

    private HttpAnswer state() {
        return new HttpAnswer(
                200,
                "",
                "",
                Json.object()
                        .number("frames_played", frames)
                        .number(
                                "items_left",
                                sessions.values().stream()
                                        .mapToLong(s -> s.script.items.size() - s.next)
                                        .sum())
                        .number("sessions_left", scripts.size())
                        .number("calls_not_recorded", unrecordedCalls)
                        .text());
    }

    @Override
    public Optional<Instant> nextDue() {
        Stream<Instant> dueTimes = sessions.values().stream()
                .filter(s -> s.next < s.script.items.size())
                .map(s -> {
                    Script.Item item = s.script.items.get(s.next);
                    return item instanceof Script.Item.Gate ? due(s, item).plus(GATE_TIMEOUT) : due(s, item);
                });
        return Stream.concat(dueTimes, Optional.ofNullable(schedule.peek()).map(ScheduledEffect::at).stream())
                .min(Comparator.naturalOrder());
    }

    private Duration scaled(long micros) {
        return Duration.ofNanos((long) (micros * 1_000.0 / speed));
    }

    private Instant due(Session session, Script.Item item) {
        return session.started.plus(scaled(item.at()));
    }

    private void advance(Instant now, List<Effect> effects) {
        while (!schedule.isEmpty() && !schedule.peek().at().isAfter(now)) {
            effects.add(schedule.remove().effect());
        }
        sessions.forEach((id, session) -> play(id, session, now, effects));
    }

    private void play(long id, Session session, Instant now, List<Effect> effects) {
        while (session.next < session.script.items.size()) {
            Script.Item item = session.script.items.get(session.next);
            Instant due = due(session, item);
            if (item instanceof Script.Item.Gate gate) {
                boolean open = session.requests.contains(gate.request())
                        || gate.request().trId().contains("CNI")
                                && session.requests.stream()
                                        .anyMatch(w -> w.trType()
                                                        .equals(gate.request().trType())
                                                && w.trId()
                                                        .equals(gate.request().trId()));
                if (!open && due.plus(GATE_TIMEOUT).isAfter(now)) {
                    return;
                }
                if (due.isBefore(now)) {
                    // What follows stays at its distance from the registration.
                    session.started = session.started.plus(Duration.between(due, now));
                }
                session.next++;
                continue;
            }
            if (due.isAfter(now)) {
                return;
            }
            session.next++;
            switch (item) {
                case Script.Item.Frame frame -> {
                    frames++;
                    effects.add(new Effect.Push(List.of(id), frame.text()));
                }
                case Script.Item.End end ->
                    effects.add(
                            end.code() == 1006
                                    ? new Effect.DropSocket(id)
                                    : new Effect.CloseSocket(id, end.code(), ""));
                case Script.Item.Gate gate -> throw new IllegalStateException("gates are passed above");
            }
        }
    }

    private void receiveText(Input.SocketText in, List<Effect> effects) {
        Session session = sessions.get(in.session());
        if (session == null || in.message().isEmpty()) {
            return;
        }
        var message = in.message().get();
        if (message.trType().isEmpty() || message.trId().isEmpty()) {
            return; // an answer to a PINGPONG
        }
        Script.SocketRequest request = new Script.SocketRequest(
                message.trType().get(), message.trId().get(), message.trKey().orElse(""));
        session.requests.add(request);
        String answer = session.script.answer(request).orElseGet(() -> refusal(request));
        effects.add(new Effect.Push(List.of(in.session()), answer));
    }

    private static String refusal(Script.SocketRequest request) {
        Json json = Json.object();
        json.startObject("header")
                .field("tr_id", request.trId())
                .field("tr_key", request.trKey())
                .field("encrypt", "N")
                .end();
        return json.startObject("body")
                .field("rt_cd", "1")
                .field("msg_cd", "OPSP8992")
                .field("msg1", "SUBSCRIBE ERROR : not in the recording")
                .end()
                .text();
    }

    private void rest(Input.Rest call, Instant now, List<Effect> effects) {
        if (call.path().startsWith("/oauth2/")) {
            effects.add(new Effect.Reply(call.id(), oauth(call, now)));
            return;
        }
        String trId = call.headers().getOrDefault("tr_id", "");
        String callKey =
                callKey(call.method(), call.path(), trId, call.headers().getOrDefault("tr_cont", ""));
        Map<String, String> fields = call.method().equals("GET")
                ? call.query()
                : call.body() instanceof Input.Body.Fields(Map<String, String> values, String text) ? values : Map.of();
        Optional<Answers> answers = Optional.ofNullable(exact.get(callKey + ' ' + fieldsKey(fields)))
                .or(() -> Optional.ofNullable(similar.get(callKey + ' ' + instrumentKey(fields))));
        if (answers.isEmpty()) {
            unrecordedCalls++;
            effects.add(new Effect.Reply(
                    call.id(),
                    new HttpAnswer(
                            500, trId, "", "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00101\",\"msg1\":\"녹화에 없는 요청입니다.\"}")));
            return;
        }
        Recorded recorded = answers.get().next(orders);
        orders += isOrder(call.method(), call.path()) ? 1 : 0;
        Effect effect = recorded.answer()
                .<Effect>map(answer -> new Effect.Reply(call.id(), answer))
                .orElseGet(() -> new Effect.ResetCall(call.id()));
        schedule.add(new ScheduledEffect(now.plus(scaled(recorded.micros())), sequence++, effect));
    }

    private static String appKey(Input.Rest call) {
        return call.body() instanceof Input.Body.Fields fields ? fields.values().getOrDefault("appkey", "") : "";
    }

    private static HttpAnswer oauth(Input.Rest call, Instant now) {
        Json json = Json.object();
        switch (call.path()) {
            case "/oauth2/tokenP" ->
                json.field(
                                "access_token",
                                AccessTokens.of(call.entropy(), appKey(call), now, now.plus(Duration.ofDays(1))))
                        .field("access_token_token_expired", KST.format(now.plus(Duration.ofDays(1))))
                        .field("token_type", "Bearer")
                        .number("expires_in", 86_400);
            case "/oauth2/Approval" -> {
                String e = call.entropy();
                json.field(
                        "approval_key",
                        e.substring(0, 8) + '-' + e.substring(8, 12) + "-4" + e.substring(12, 15) + "-8"
                                + e.substring(15, 18) + '-' + e.substring(18, 30));
            }
            default -> json.number("code", 200).field("message", "접근토큰 폐기에 성공하였습니다");
        }
        return new HttpAnswer(200, "", "", json.text());
    }
}
