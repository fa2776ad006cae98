package kr.kisgateway.edge;

import java.io.IOException;
import org.eclipse.jetty.http.HttpException;

/** Recognises bodies that cannot be read; they are bad requests of the caller, not errors of the listener. */
public final class BodyRule {
    private BodyRule() {}

    /**
     * Whether {@code failure}, thrown while a body was read, is due to its bytes: the body ended early, or its chunks have no
     * readable size. The rest of such a connection cannot be read either, so it is to be closed.
     */
    public static boolean isUnreadable(Throwable failure) {
        return failure instanceof IOException || failure instanceof HttpException.RuntimeException;
    }
}
