package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code trace} and {@code why} about programs at the KIS-compatible port. */
@Tag("slow")
class TraceCommandTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SYMBOL = "000660";

    private final HttpClient http = HttpClient.newHttpClient();
    private RunningGateway gateway;
    private Shell shell;
    private JsonNode face;
    private String token = "";

    @BeforeEach
    void start(@TempDir Path folder) {
        // A price that was requested before is still in the cache, however slow the machine is.
        gateway = RunningGateway.start(folder, List.of("--kis-cache-ttl-price=30", "--quote-stale-after=60s"));
        shell = shell(folder, RunningGateway.TOKEN);
        face = json(send(HttpRequest.newBuilder(gateway.baseUri().resolve("/v1/keys"))
                        .header("Content-Type", "application/json")
                        .header("X-Operator-Token", RunningGateway.TOKEN)
                        .POST(BodyPublishers.ofString("{\"name\":\"strategy-a\",\"role\":\"trade\",\"face\":{}}"))))
                .path("face");
        token = json(post(
                        "/oauth2/tokenP",
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "appkey",
                                face.path("appkey").asString(),
                                "appsecret",
                                face.path("appsecret").asString())))
                .path("access_token")
                .asString();
    }

    @AfterEach
    void stop() {
        gateway.close();
        http.close();
    }

    private Shell shell(Path folder, String operatorToken) {
        return Shell.with(
                Map.of("GATEWAY_URL", gateway.url(), "GATEWAY_OPERATOR_TOKEN", operatorToken, "KIS_COLUMNS", "160"),
                folder);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private URI face(String path) {
        return URI.create("http://127.0.0.1:" + gateway.facePort() + path);
    }

    private HttpResponse<String> post(String path, Map<String, String> body) {
        return send(HttpRequest.newBuilder(face(path))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> price(String bearer) {
        return send(HttpRequest.newBuilder(face("/uapi/domestic-stock/v1/quotations/inquire-price"
                        + "?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=" + SYMBOL))
                .header("authorization", "Bearer " + bearer)
                .header("appkey", face.path("appkey").asString())
                .header("appsecret", face.path("appsecret").asString())
                .header("tr_id", "FHKST01010100"));
    }

    @Test
    void trace_shows_what_a_program_did_and_no_secret(@TempDir Path folder) {
        assertThat(shell.run("trace").out()).contains("calls to KIS.", "strategy-a", "sim");
        price(token);
        price(token);
        price("no-token");
        var all = shell.run("trace");
        assertThat(all.code()).as(all.toString()).isZero();
        assertThat(all.out()).startsWith("4 calls since 20").contains(" answered with 1 calls to KIS.");
        assertThat(all.out().lines().filter(line -> line.startsWith("strategy-a")))
                .singleElement()
                .asString()
                .matches("strategy-a +- +4 +1 +1 +0 +0 +[0-9]+ ms +1 +0 +0 +0");

        var one = shell.run("trace", "--key", "strategy-a");
        assertThat(one.code()).as(one.toString()).isZero();
        assertThat(one.out())
                .startsWith("strategy-a: 4 calls since 20")
                .contains("from KIS", "0 accepted, 0 refused, 0 in doubt", "not connected")
                .containsPattern("EGW00121 +1 +20\\d\\d-")
                .containsPattern("FHKST01010100 +inquire-price +cache +[0-9.]+")
                .containsPattern("inquire-price +gateway +[0-9.]+ +EGW00121 .+")
                .containsPattern("tokenP +gateway");
        for (var each : new String[] {
            all.out(),
            one.out(),
            shell.run("trace", "--key", "strategy-a", "--json").out()
        }) {
            assertThat(each)
                    .doesNotContain(
                            token,
                            face.path("appkey").asString(),
                            face.path("appsecret").asString(),
                            "12345678");
        }
        var unknown = shell.run("trace", "--key", "nothing");
        assertThat(unknown.code()).isEqualTo(Kis.REFUSED);
        assertThat(unknown.err()).contains("KEY_NOT_FOUND", "./kis trace lists those");
        var stranger = shell(folder, "wrong").run("trace");
        assertThat(stranger.code()).isEqualTo(Kis.REFUSED);
    }

    @Test
    void why_names_the_programs_that_registered_a_symbol_and_what_they_get() {
        var approval = json(post(
                        "/oauth2/Approval",
                        Map.of(
                                "grant_type",
                                "client_credentials",
                                "appkey",
                                face.path("appkey").asString(),
                                "secretkey",
                                face.path("appsecret").asString())))
                .path("approval_key")
                .asString();
        var web = http.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.facePort() + "/tryitout"), new Reader())
                .join();
        web.sendText(
                        "{\"header\":{\"approval_key\":\"" + approval + "\",\"custtype\":\"P\",\"tr_type\":\"1\","
                                + "\"content-type\":\"utf-8\"},\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\""
                                + SYMBOL + "\"}}}",
                        true)
                .join();
        RunningGateway.awaitValue(
                () -> shell.run("why", SYMBOL).out().replaceAll("\\s+", " "),
                out -> out.contains(SYMBOL + " trades (push): KIS pushes it on K1")
                        && out.contains("1 program at the KIS-compatible port registered it: each gets KIS's frames as"
                                + " they come. ./kis trace --key NAME shows a program."));
        assertThat(shell.run("trace", "--key", "strategy-a").out())
                .contains("127.0.0.1 since 20", "H0STCNT0 " + SYMBOL + " (push, last frame 20");
        web.abort();
    }

    private static final class Reader implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }
}
