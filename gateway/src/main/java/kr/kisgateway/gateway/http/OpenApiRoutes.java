package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * {@code /openapi.json}: the contract, kept as YAML for people and served as JSON for programs. Its {@code servers} is the
 * address that was called, so that a program made from it calls this gateway.
 */
public final class OpenApiRoutes {
    /** Stands in the YAML where the address goes. */
    private static final String ADDRESS = "http://127.0.0.1:8890";

    private final ReentrantLock lock = new ReentrantLock();
    /** Made at the first question: reading YAML would make every start a fifth slower. */
    private volatile @Nullable Document document;

    private record Document(byte[] before, byte[] after) {
        static Document of(String json) {
            String url = "\"url\":\"" + ADDRESS + "\"";
            int at = json.indexOf(url);
            if (at < 0) {
                throw new IllegalStateException("openapi.yaml names no server at " + ADDRESS);
            }
            int begin = at + url.indexOf(ADDRESS);
            return new Document(
                    json.substring(0, begin).getBytes(StandardCharsets.UTF_8),
                    json.substring(begin + ADDRESS.length()).getBytes(StandardCharsets.UTF_8));
        }

        byte[] at(String address) {
            byte[] middle = address.getBytes(StandardCharsets.UTF_8);
            byte[] whole = new byte[before.length + middle.length + after.length];
            System.arraycopy(before, 0, whole, 0, before.length);
            System.arraycopy(middle, 0, whole, before.length, middle.length);
            System.arraycopy(after, 0, whole, before.length + middle.length, after.length);
            return whole;
        }
    }

    public void register(RouteTable table) {
        table.open(
                "/openapi.json",
                call -> call.answer(200, document().at(call.address().orElse(ADDRESS))));
    }

    private Document document() {
        var made = document;
        if (made != null) {
            return made;
        }
        lock.lock();
        try (var yaml = OpenApiRoutes.class.getResourceAsStream("/openapi.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("openapi.yaml is missing from the program");
            }
            made = Document.of(new JsonMapper().writeValueAsString(new YAMLMapper().readTree(yaml)));
            document = made;
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
