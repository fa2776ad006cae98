package kr.kisgateway.client.core;

import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Placement;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.ParseResult;

/** Failures that this library decides itself, before a call is spent. */
public final class Refusals {
    public static final KisFailure CLOSED =
            KisFailure.of(KisFailure.Kind.CLOSED, "this client is closed", "open another client", false);

    private Refusals() {}

    public static <T> KisReply<T> invalidRequest(String message, String remedy) {
        return new KisReply.Failed<>(invalid(message, remedy));
    }

    public static KisFailure invalid(String message, String remedy) {
        return KisFailure.of(KisFailure.Kind.INVALID_REQUEST, message, remedy, false);
    }

    public static <T> KisReply<T> unknownSymbol(Symbol symbol) {
        return new KisReply.Failed<>(KisFailure.of(
                KisFailure.Kind.UNKNOWN_SYMBOL, "KIS lists no stock " + symbol, "find it in the master files", false));
    }

    public static <T> KisReply<T> reversedRange(Object from, Object to) {
        return invalidRequest("from " + from + " to " + to + " goes backwards", "name the earlier one first");
    }

    public static <T> KisReply<T> unsupported(String message, String remedy) {
        return new KisReply.Failed<>(KisFailure.of(KisFailure.Kind.UNSUPPORTED, message, remedy, false));
    }

    public static <T> KisReply<T> unreadable(ParseResult.Bad<?> bad) {
        return new KisReply.Failed<>(
                KisFailure.of(KisFailure.Kind.UNREADABLE, "field " + bad.field() + " cannot be read", "retry", true));
    }

    /** An order that is not sent. */
    public static Placement notSent(KisFailure failure) {
        return new Placement.NotSent(failure.code(), failure.msg1(), failure.remedy());
    }
}
