package kr.kisgateway.gateway.http;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import kr.kisgateway.gateway.error.RefusedException;

/** Any bytes are an object, each of whose members is read as any type, or are refused with a short message. */
public final class RequestBodyFuzzer {
    private static final int MESSAGE_MAX = 1_000;

    private static final List<Consumer<RequestBody>> WHOLE = List.of(
            body -> body.requireOnly(Set.of("symbol", "qty", "price")),
            RequestBody::json,
            body -> body.valueAt("/order/price"));

    private RequestBodyFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        refusing(() -> read(RequestBody.parse(input), 2));
    }

    private static void read(RequestBody body, int depth) {
        WHOLE.forEach(reader -> refusing(() -> reader.accept(body)));
        for (String name : body.names()) {
            refusing(() -> body.text(name));
            refusing(() -> body.wholeNumber(name));
            refusing(() -> body.optionalFlag(name));
            refusing(() -> body.texts(name, 3));
            refusing(() -> body.wholeNumbers(name, 3));
            refusing(() -> body.optionalDecimal(name));
            refusing(() -> body.valueAt("/" + name.replace("~", "~0").replace("/", "~1")));
            if (depth > 0) {
                refusing(() -> body.optionalObject(name).ifPresent(inner -> read(inner, depth - 1)));
                refusing(() -> body.objects(name, 3).forEach(inner -> read(inner, depth - 1)));
            }
        }
    }

    private static void refusing(Runnable reading) {
        try {
            reading.run();
        } catch (RefusedException e) {
            if (e.refusal().message().length() > MESSAGE_MAX) {
                throw new IllegalStateException(
                        "a refusal of " + e.refusal().message().length() + " characters", e);
            }
        }
    }
}
