package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * {@code /openapi.json}: the contract, maintained as YAML and served as JSON. Its {@code servers} is the address that
 * was called, so that a client generated from it calls this gateway.
 */
public final class OpenApiRoutes {
    /** Placeholder of the address in the YAML. */
    private static final String ADDRESS = "http://127.0.0.1:8890";

    private final ReentrantLock lock = new ReentrantLock();
    /** Created at the first request: reading YAML would make every start a fifth slower. */
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

        byte[] withAddress(String address) {
            byte[] middle = address.getBytes(StandardCharsets.UTF_8);
            byte[] bytes = new byte[before.length + middle.length + after.length];
            System.arraycopy(before, 0, bytes, 0, before.length);
            System.arraycopy(middle, 0, bytes, before.length, middle.length);
            System.arraycopy(after, 0, bytes, before.length + middle.length, after.length);
            return bytes;
        }
    }

    public void register(RouteTable table) {
        table.getWithoutKey(
                "/openapi.json",
                call -> call.answerCopied(
                        () -> document().withAddress(call.baseUrl().orElse(ADDRESS))));
    }

    private Document document() {
        var loaded = document;
        if (loaded != null) {
            return loaded;
        }
        lock.lock();
        try (var yaml = OpenApiRoutes.class.getResourceAsStream("/openapi.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("openapi.yaml is missing from the program");
            }
            loaded = Document.of(new JsonMapper().writeValueAsString(new YAMLMapper().readTree(yaml)));
            document = loaded;
            return loaded;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
