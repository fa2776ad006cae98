package kr.kisgateway.gateway.http;

/** Answers one call; a {@link kr.kisgateway.gateway.error.RefusedException} becomes the error answer. */
@FunctionalInterface
public interface CallHandler {
    void handle(Call call);
}
