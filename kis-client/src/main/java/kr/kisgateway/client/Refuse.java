package kr.kisgateway.client;

/** Refusals of typed calls, before a call is spent. */
final class Refuse {
    private Refuse() {}

    static <T> KisReply<T> question(String message, String remedy) {
        return new KisReply.Failed<>(KisFailure.of(KisFailure.Kind.INVALID_REQUEST, message, remedy, false));
    }

    static <T> KisReply<T> backwards(Object from, Object to) {
        return question("from " + from + " to " + to + " goes backwards", "name the earlier one first");
    }

    static <T> KisReply<T> unsupported(String message, String remedy) {
        return new KisReply.Failed<>(KisFailure.of(KisFailure.Kind.UNSUPPORTED, message, remedy, false));
    }
}
