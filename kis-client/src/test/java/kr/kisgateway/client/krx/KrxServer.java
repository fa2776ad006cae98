package kr.kisgateway.client.krx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.fetch.TestWebServer;

/**
 * The exchange's Open API with its real answers of two days: 401 without the right key, the file of the day, an
 * empty list on every other day.
 */
public final class KrxServer implements AutoCloseable {
    public static final String KEY = "PLANTEDKRXKEY0123456789";
    private static final List<String> SERVICES = List.of(
            "sto/stk_bydd_trd",
            "sto/ksq_bydd_trd",
            "sto/knx_bydd_trd",
            "sto/stk_isu_base_info",
            "sto/ksq_isu_base_info",
            "sto/knx_isu_base_info",
            "etp/etf_bydd_trd",
            "idx/kospi_dd_trd",
            "idx/kosdaq_dd_trd");

    public final TestWebServer web = TestWebServer.open();

    public KrxServer() {
        SERVICES.forEach(service -> web.respondAt("/master/" + service, exchange -> {
            byte[] body;
            int status = 200;
            if (!KEY.equals(exchange.getRequestHeaders().getFirst("AUTH_KEY"))) {
                status = 401;
                body = "{\"respMsg\":\"Unauthorized Key\",\"respCode\":\"401\"}".getBytes(StandardCharsets.UTF_8);
            } else {
                String day = exchange.getRequestURI().getQuery().substring("basDd=".length());
                body = file(service.substring(4) + "_" + day);
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json;charset=UTF-8");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }));
    }

    public KrxConfig config() {
        return KrxConfig.standard(Secret.of(KEY)).from(base());
    }

    public URI base() {
        return web.base();
    }

    /** The number of requests of a service such as {@code stk_bydd_trd}, for any day. */
    public long requestCount(String service) {
        return web.requests.stream().filter(it -> it.path().contains(service)).count();
    }

    /** Sets the answer of {@code service}, with its group. */
    public void respondWith(String service, String body) {
        web.respondAt("/master/" + service, 200, body.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        web.close();
    }

    /** A real answer, {@code stk_bydd_trd_20240105}; an empty list for a missing day. */
    public static String text(String name) {
        return new String(file(name), StandardCharsets.UTF_8);
    }

    static byte[] file(String name) {
        try (InputStream in = KrxServer.class.getResourceAsStream("/krx/" + name + ".json")) {
            return in == null ? "{\"OutBlock_1\":[]}".getBytes(StandardCharsets.UTF_8) : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
