package kr.kisgateway.gateway.chat;

/** Any answer of the messenger is messages, or a failure. */
public final class BotUpdatesFuzzer {
    private BotUpdatesFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (BotApi.read(input) instanceof BotApi.Updates.Failed(String reason) && reason.isBlank()) {
            throw new IllegalStateException("a failure without a reason");
        }
    }
}
