package kr.kisgateway.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import kr.kisgateway.simulator.SteppedClock;
import kr.kisgateway.simulator.broker.Effect;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.SocketMessage;
import kr.kisgateway.wire.NoticeKey;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random days with planted secrets: the replay equals the recording, and the secrets are not in the file. */
class RecordingPropertiesTest {
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final NoticeKey OPEN = Redactor.KEY;

    /** A client with everything that must not be in the recording. */
    private static final class Client {
        final String appKey;
        final String appSecret;
        final String token;
        final String approval;
        final String cano;
        final String htsId;
        final String owner;
        final NoticeKey key;
        final long session;

        Client(SplittableRandom random, long session) {
            appKey = "PS" + text(random, "!#$%&*+-./0123456789:<=>?@ABCXYZ\\\"[]^_abcxyz{|}~", 34);
            appSecret = text(random, "ABCDEFGHabcdefgh0123456789+/=\"\\", 180);
            token = text(random, "ABCDEFGHabcdefgh0123456789._-", 60);
            approval = text(random, "0123456789abcdef-", 36);
            cano = (1 + random.nextInt(8)) + text(random, "0123456789", 7);
            htsId = text(random, "ABCDEFGHJKabcdefghjk", 4 + random.nextInt(8)) + session;
            owner = "김" + text(random, "가나다라마바사아자차", 6);
            key = new NoticeKey(text(random, "abcdefghijklmnopqrstuvwxyz", 32), text(random, "abcdefghijklmnop", 16));
            this.session = session;
        }

        List<String> secrets() {
            List<String> all = new ArrayList<>(
                    List.of(appKey, appSecret, token, approval, cano, htsId, owner, key.key(), key.iv()));
            all.addAll(List.of(RecordingLines.quoted(appKey), RecordingLines.quoted(appSecret)));
            return all;
        }

        String notice(SplittableRandom random) {
            String open = htsId + '^' + cano + "01^" + number(random, 10) + "^^02^0^00^0^005930^" + number(random, 10)
                    + '^' + number(random, 9) + "^093015^0^1^1^06010^000000010^" + owner
                    + "^000000000^1^Y^^10^^삼성전자^000000000";
            return "1|H0STCNI0|001|" + key.encrypt(open);
        }
    }

    private static String text(SplittableRandom random, String letters, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(letters.charAt(random.nextInt(letters.length())));
        }
        return out.toString();
    }

    private static String number(SplittableRandom random, int digits) {
        return text(random, "0123456789", digits);
    }

    private static String subscription(String approval, String trId, String trKey) {
        return "{\"header\":{\"approval_key\":\"" + approval
                + "\",\"custtype\":\"P\",\"tr_type\":\"1\",\"content-type\":"
                + "\"utf-8\"},\"body\":{\"input\":{\"tr_id\":\"" + trId + "\",\"tr_key\":\"" + trKey + "\"}}}";
    }

    private static String ack(String trId, String trKey, NoticeKey key) {
        return "{\"header\":{\"tr_id\":\"" + trId + "\",\"tr_key\":\"" + trKey
                + "\",\"encrypt\":\"N\"},\"body\":{\"rt_cd\":"
                + "\"0\",\"msg_cd\":\"OPSP0000\",\"msg1\":\"SUBSCRIBE SUCCESS\",\"output\":{\"iv\":\"" + key.iv()
                + "\",\"key\":\"" + key.key() + "\"}}}";
    }

    private static final class RecordedDay {
        final SteppedClock clock = new SteppedClock(START);
        final SplittableRandom random;
        final RecordingWriter writer;
        final List<String> secrets = new ArrayList<>();

        /** The texts that a client of the replay receives in each session, in order. */
        final List<List<String>> receivedTexts = new ArrayList<>();

        /** The requests of each session, in order. */
        final List<List<Script.SocketRequest>> requests = new ArrayList<>();

        final List<String> bodies = new ArrayList<>();
        private final List<String> accounts = new ArrayList<>();
        private long calls;

        RecordedDay(long seed, Path file) {
            random = new SplittableRandom(seed);
            writer = RecordingWriter.open(file, clock);
        }

        void play() {
            int clients = 1 + random.nextInt(3);
            for (int i = 1; i <= clients; i++) {
                play(new Client(random, i));
            }
            writer.close();
        }

        private void play(Client client) {
            secrets.addAll(client.secrets());
            logIn(client);
            List<String> texts = new ArrayList<>();
            receivedTexts.add(texts);
            requests.add(List.of(
                    new Script.SocketRequest("1", "H0STCNT0", "005930"),
                    new Script.SocketRequest("1", "H0STCNI0", "REPLAY0" + client.session)));
            writer.sessionOpened(client.session);
            subscribe(client, "H0STCNT0", "005930", "005930", texts);
            subscribe(client, "H0STCNI0", client.htsId, "REPLAY0" + client.session, texts);
            for (int i = random.nextInt(40); i > 0; i--) {
                clock.advance(Duration.ofMillis(random.nextInt(2_000)));
                switch (random.nextInt(5)) {
                    case 0 -> balance(client);
                    case 1 -> {
                        String notice = client.notice(random);
                        writer.messageReceived(client.session, notice);
                        String shown =
                                client.key.decrypt(notice.split("\\|", 4)[3]).orElseThrow();
                        texts.add("1|H0STCNI0|001|"
                                + OPEN.encrypt(shown.replace(client.htsId, "REPLAY0" + client.session)
                                        .replace(client.cano, standIn(client))
                                        .replace(client.owner, "시험계좌")));
                    }
                    case 2 ->
                        send(
                                client,
                                "{\"header\":{\"tr_id\":\"PINGPONG\",\"datetime\":\"2026112009" + number(random, 4)
                                        + "\"}}",
                                texts);
                    default ->
                        send(
                                client,
                                "0|H0STCNT0|001|005930^" + text(random, "0123456789^|한글\"\\\t{}", random.nextInt(200)),
                                texts);
                }
            }
            writer.sessionEnded(client.session, random.nextBoolean(), 1000);
        }

        /** Accounts are numbered in the order of their first occurrence. */
        private String standIn(Client client) {
            if (!accounts.contains(client.cano)) {
                accounts.add(client.cano);
            }
            return "9000000" + (1 + accounts.indexOf(client.cano));
        }

        private void send(Client client, String text, List<String> texts) {
            writer.messageReceived(client.session, text);
            texts.add(text);
        }

        private void subscribe(Client client, String trId, String trKey, String shownKey, List<String> texts) {
            writer.messageSent(client.session, subscription(client.approval, trId, trKey));
            clock.advance(Duration.ofMillis(random.nextInt(50)));
            writer.messageReceived(client.session, ack(trId, trKey, client.key));
            texts.add(ack(trId, shownKey, OPEN));
        }

        private void logIn(Client client) {
            String body = "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + RecordingLines.quoted(client.appKey)
                    + "\",\"appsecret\":\"" + RecordingLines.quoted(client.appSecret) + "\"}";
            writer.requestSent(++calls, "POST", "/oauth2/tokenP", Map.of(), "", body);
            writer.responseReceived(
                    calls, 200, "", "", "{\"access_token\":\"" + client.token + "\",\"expires_in\":86400}");
            writer.requestSent(
                    ++calls, "POST", "/oauth2/Approval", Map.of(), "", body.replace("appsecret", "secretkey"));
            writer.responseReceived(calls, 200, "", "", "{\"approval_key\":\"" + client.approval + "\"}");
        }

        private void balance(Client client) {
            writer.requestSent(
                    ++calls,
                    "GET",
                    "/uapi/domestic-stock/v1/trading/inquire-balance",
                    Map.of(
                            "appkey",
                            client.appKey,
                            "appsecret",
                            client.appSecret,
                            "authorization",
                            "Bearer " + client.token,
                            "tr_id",
                            "TTTC8434R"),
                    "CANO=" + client.cano + "&ACNT_PRDT_CD=01",
                    "");
            clock.advance(Duration.ofMillis(random.nextInt(300)));
            String answer =
                    "{\"ctx_area_fk100\":\"%s^01\",\"output\":\"" + number(random, 20) + "\",\"acnt_nm\":\"%s\"}";
            writer.responseReceived(calls, 200, "TTTC8434R", "D", answer.formatted(client.cano, client.owner));
            bodies.add(answer.formatted(standIn(client), "***"));
        }
    }

    @Property(tries = 60)
    void a_recording_replays_what_was_written_and_contains_no_planted_secret(@ForAll long seed) throws IOException {
        Path folder = Files.createTempDirectory("recording");
        Path file = folder.resolve("day.jsonl");
        try {
            RecordedDay day = new RecordedDay(seed, file);
            day.play();

            String written = Files.readString(file);
            assertThat(day.secrets).allSatisfy(secret -> assertThat(written).doesNotContain(secret));
            assertThat(played(day, Recording.read(file))).isEqualTo(day.receivedTexts);
            assertThat(answered(day, Recording.read(file))).isEqualTo(day.bodies);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    /** The texts that each session receives for the recorded requests. */
    private static List<List<String>> played(RecordedDay day, Recording recording) {
        ReplayCore core = new ReplayCore(recording, 7.5);
        List<List<String>> received = new ArrayList<>();
        Instant now = START;
        for (int i = 0; i < day.requests.size(); i++) {
            List<String> texts = new ArrayList<>();
            received.add(texts);
            long session = 100 + i;
            collect(core, new Input.SocketOpened(session, OPEN), now, texts);
            for (Script.SocketRequest request : day.requests.get(i)) {
                collect(core, socketInput(session, request), now, texts);
            }
            for (Optional<Instant> due = core.nextDue(); due.isPresent(); due = core.nextDue()) {
                now = due.get().isAfter(now) ? due.get() : now;
                collect(core, new Input.Tick(), now, texts);
            }
            core.handle(new Input.SocketClosed(session), now);
        }
        return received;
    }

    private static Input socketInput(long session, Script.SocketRequest request) {
        return new Input.SocketText(
                session,
                "",
                Optional.of(new SocketMessage(
                        true,
                        true,
                        true,
                        Optional.empty(),
                        Optional.of("an approval key"),
                        Optional.of("P"),
                        Optional.of(request.trType()),
                        Optional.of(request.trId()),
                        Optional.of(request.trKey()))));
    }

    private static void collect(ReplayCore core, Input input, Instant now, List<String> texts) {
        core.handle(input, now).afterDurable().forEach(effect -> {
            if (effect instanceof Effect.Push push) {
                texts.add(push.text());
            }
        });
    }

    /** The answers to the same requests by another client. */
    private static List<String> answered(RecordedDay day, Recording recording) {
        ReplayCore core = new ReplayCore(recording, 1);
        List<String> bodies = new ArrayList<>();
        Instant now = START;
        for (int i = 0; i < day.bodies.size(); i++) {
            Input.Rest call = new Input.Rest(
                    i,
                    "GET",
                    "/uapi/domestic-stock/v1/trading/inquire-balance",
                    Map.of("tr_id", "TTTC8434R"),
                    Map.of("cano", "12121212", "ACNT_PRDT_CD", "01"),
                    new Input.Body.None(),
                    "entropy");
            List<Effect> effects = new ArrayList<>(core.handle(call, now).afterDurable());
            now = now.plus(Duration.ofSeconds(1));
            effects.addAll(core.handle(new Input.Tick(), now).afterDurable());
            effects.forEach(effect -> {
                if (effect instanceof Effect.Reply reply) {
                    bodies.add(reply.answer().body());
                }
            });
        }
        return bodies;
    }
}
