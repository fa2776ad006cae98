package kr.kisgateway.client;

import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.ParseResult;

/** Refusals of typed calls, before a call is spent. */
final class Refusals {
    private Refusals() {}

    static <T> KisReply<T> invalidRequest(String message, String remedy) {
        return new KisReply.Failed<>(invalid(message, remedy));
    }

    static KisFailure invalid(String message, String remedy) {
        return KisFailure.of(KisFailure.Kind.INVALID_REQUEST, message, remedy, false);
    }

    static <T> KisReply<T> unknownSymbol(Symbol symbol) {
        return new KisReply.Failed<>(KisFailure.of(
                KisFailure.Kind.UNKNOWN_SYMBOL, "KIS lists no stock " + symbol, "find it in the master files", false));
    }

    static <T> KisReply<T> reversedRange(Object from, Object to) {
        return invalidRequest("from " + from + " to " + to + " goes backwards", "name the earlier one first");
    }

    static <T> KisReply<T> unsupported(String message, String remedy) {
        return new KisReply.Failed<>(KisFailure.of(KisFailure.Kind.UNSUPPORTED, message, remedy, false));
    }

    static <T> KisReply<T> unreadable(ParseResult.Bad<?> bad) {
        return new KisReply.Failed<>(
                KisFailure.of(KisFailure.Kind.UNREADABLE, "field " + bad.field() + " cannot be read", "retry", true));
    }

    /** An order that is not sent. */
    static Placement notSent(KisFailure failure) {
        return new Placement.NotSent(failure.code(), failure.msg1(), failure.remedy());
    }
}
