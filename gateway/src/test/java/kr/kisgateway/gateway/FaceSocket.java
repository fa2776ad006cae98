package kr.kisgateway.gateway;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A WebSocket of a program written for KIS, as the samples open it. */
final class FaceSocket implements WebSocket.Listener, AutoCloseable {
    final List<String> data = new CopyOnWriteArrayList<>();
    final List<JsonNode> control = new CopyOnWriteArrayList<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private volatile boolean answersPings;
    private final String approval;
    private final StringBuilder part = new StringBuilder();
    private final CompletableFuture<WebSocket> web = new CompletableFuture<>();

    private FaceSocket(String approval) {
        this.approval = approval;
    }

    /** Opens the session of a logged-in client. */
    static FaceSocket open(HttpClient http, FaceClient client, String path) {
        var body = Map.of("grant_type", "client_credentials", "appkey", client.appKey, "secretkey", client.appSecret);
        return open(
                http,
                client,
                path,
                FaceClient.tree(client.post("/oauth2/Approval", Map.of(), body))
                        .path("approval_key")
                        .asString());
    }

    /** The same with an approval key of the client. */
    static FaceSocket open(HttpClient http, FaceClient client, String path, String approval) {
        var socket = new FaceSocket(approval);
        socket.web.complete(http.newWebSocketBuilder()
                .buildAsync(URI.create(client.base.toString().replaceFirst("http", "ws") + path), socket)
                .join());
        return socket;
    }

    String approval() {
        return approval;
    }

    static String code(JsonNode answer) {
        return answer.path("body").path("msg_cd").asString("");
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        part.append(text);
        if (last) {
            String whole = part.toString();
            part.setLength(0);
            if (whole.startsWith("{")) {
                var message = FaceClient.JSON.readTree(whole);
                control.add(message);
                if (answersPings
                        && message.path("header").path("tr_id").asString("").equals("PINGPONG")) {
                    from.sendText(whole, true);
                }
            } else {
                data.add(whole);
            }
        }
        from.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(1006);
    }

    /** From now on every PINGPONG is answered, so nothing else may be sent. */
    void answerPings() {
        answersPings = true;
    }

    void send(String text) {
        web.join().sendText(text, true).join();
    }

    void pong(String payload) {
        web.join()
                .sendPong(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)))
                .join();
    }

    void request(String type, String trId, String trKey) {
        request(approval, type, trId, trKey);
    }

    void request(String approvalKey, String type, String trId, String trKey) {
        send("{\"header\":{\"approval_key\":\"" + approvalKey + "\",\"custtype\":\"P\",\"tr_type\":\"" + type
                + "\",\"content-type\":\"utf-8\"},\"body\":{\"input\":{\"tr_id\":\"" + trId + "\",\"tr_key\":\""
                + trKey + "\"}}}");
    }

    /** The answer to the request. */
    JsonNode ask(String type, String trId, String trKey) {
        int before = control.size();
        request(type, trId, trKey);
        Await.until("an answer about " + trId + " " + trKey, () -> control.size() > before);
        return control.get(before);
    }

    /** The code of the answer to a registration. */
    String register(String trId, String trKey) {
        return code(ask("1", trId, trKey));
    }

    /** The records of clear frames of a TR. */
    List<String> records(String trId) {
        return data.stream()
                .filter(frame -> frame.startsWith("0|" + trId + "|"))
                .flatMap(FaceSocket::split)
                .toList();
    }

    private static Stream<String> split(String frame) {
        String[] parts = frame.split("\\|", 4);
        String[] columns = parts[3].split("\\^", -1);
        int count = Integer.parseInt(parts[2]);
        int width = columns.length / count;
        var records = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            records.add(String.join("^", List.of(columns).subList(i * width, (i + 1) * width)));
        }
        return records.stream();
    }

    @Override
    public void close() {
        web.join().abort();
    }
}
