package kr.kisgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.gateway.access.KeyRequest;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyStore;
import kr.kisgateway.programs.LocalProgram;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Programs written for KIS: their keys, tokens and requests, for the gateway's KIS-compatible port or the simulator. */
final class FaceClients {
    private static final String KEYS_FILE = "access.db";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonMapper JSON = new JsonMapper();

    private FaceClients() {}

    /** An app key with its token and its approval key. */
    record Client(int port, String appKey, String appSecret, String token, String approvalKey) {
        /** A query as the bytes of its request. */
        byte[] query(String path, String trId) {
            return query(port, path, trId);
        }

        /** The same request to another port. */
        byte[] query(int otherPort, String path, String trId) {
            return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + otherPort
                            + "\r\ncontent-type: application/json; charset=utf-8\r\nauthorization: Bearer " + token
                            + "\r\nappkey: " + appKey + "\r\nappsecret: " + appSecret + "\r\ntr_id: " + trId
                            + "\r\ncusttype: P\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        /** The messages that register the trades of stocks. */
        List<String> trades(List<String> stocks) {
            return stocks.stream()
                    .map(stock -> "{\"header\":{\"approval_key\":\"" + approvalKey
                            + "\",\"custtype\":\"P\",\"tr_type\":\"1\",\"content-type\":\"utf-8\"},"
                            + "\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"" + stock + "\"}}}")
                    .toList();
        }

        @Override
        public String toString() {
            return "Client[***]";
        }
    }

    /** The KIS-compatible port of a gateway. */
    static int port(LocalProgram gateway) {
        return gateway.ready().path("face_port").asInt();
    }

    /**
     * New virtual keys of a running gateway, written into its file as {@code ./kis keys create} does, and logged in. None has a
     * quota that this bench could reach.
     */
    static List<Client> create(LocalProgram gateway, int count) throws IOException, InterruptedException {
        var made = new ArrayList<KeyRing.NewKey>();
        String run = Long.toString(System.nanoTime(), Character.MAX_RADIX);
        Path file = gateway.dataDirectory().resolve(KEYS_FILE);
        try (var keys = new KeyRing(KeyStore.open(file), InstantSource.system(), new SecureRandom())) {
            for (int i = 0; i < count; i++) {
                var request = KeyRequest.read(
                                "bench-" + run + '-' + i,
                                "trade",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(true),
                                List.of(),
                                OptionalInt.of(KeyRequest.CALLS_MAX),
                                Optional.empty(),
                                InstantSource.system().instant())
                        .withFace("current");
                switch (keys.create(request)) {
                    case KeyRing.CreateResult.Created(KeyRing.NewKey newKey) -> made.add(newKey);
                    case KeyRing.CreateResult.NameTaken() -> throw new BenchException("A key has the name already");
                    case KeyRing.CreateResult.Full() -> throw new BenchException("There are too many keys");
                }
            }
        }
        var clients = new ArrayList<Client>();
        try (var http = HttpClient.newHttpClient()) {
            for (var key : made) {
                var text = key.face().orElseThrow();
                clients.add(login(http, port(gateway), text.appKey(), text.appSecret()));
            }
        }
        return clients;
    }

    /** A program of the simulator itself, which accepts every app key. */
    static Client direct(int simulatorPort) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return login(http, simulatorPort, "PSBENCH" + "0".repeat(29), "s".repeat(180));
        }
    }

    /** Waits until the key is known: a running gateway applies a change within a second. */
    private static Client login(HttpClient http, int port, String appKey, String appSecret)
            throws IOException, InterruptedException {
        var grant = "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + appKey + "\",\"";
        long until = System.nanoTime() + LIMIT.toNanos();
        JsonNode token = post(http, port, "/oauth2/tokenP", grant + "appsecret\":\"" + appSecret + "\"}");
        while (!token.has("access_token") && System.nanoTime() < until) {
            BenchEnvironment.pause(Duration.ofMillis(100));
            token = post(http, port, "/oauth2/tokenP", grant + "appsecret\":\"" + appSecret + "\"}");
        }
        JsonNode approval = post(http, port, "/oauth2/Approval", grant + "secretkey\":\"" + appSecret + "\"}");
        if (!token.has("access_token") || !approval.has("approval_key")) {
            throw new BenchException("A new key cannot log in: " + token + " " + approval);
        }
        return new Client(
                port,
                appKey,
                appSecret,
                token.path("access_token").asString(),
                approval.path("approval_key").asString());
    }

    private static JsonNode post(HttpClient http, int port, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("content-type", "application/json")
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return JSON.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** Makes the simulator write one record into a frame, so that frames and trades are the same number. */
    static void splitRecords(int simulatorPort) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            post(http, simulatorPort, "/simulator/faults", "{\"split_records\":true}");
        }
    }
}
