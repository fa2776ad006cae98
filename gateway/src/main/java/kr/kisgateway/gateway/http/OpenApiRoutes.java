package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code /openapi.json}: the contract, kept as YAML for people and served as JSON for programs. */
public final class OpenApiRoutes {
    private final ReentrantLock lock = new ReentrantLock();
    /** Made at the first question: reading YAML would make every start a fifth slower. */
    private volatile byte @Nullable [] json;

    public void register(RouteTable table) {
        table.open("/openapi.json", call -> call.answer(200, document()));
    }

    private byte[] document() {
        var made = json;
        if (made != null) {
            return made;
        }
        lock.lock();
        try (var yaml = OpenApiRoutes.class.getResourceAsStream("/openapi.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("openapi.yaml is missing from the program");
            }
            made = new JsonMapper().writeValueAsBytes(new YAMLMapper().readTree(yaml));
            json = made;
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
