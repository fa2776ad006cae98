package kr.kisgateway.gateway.aegis;

import java.util.function.Function;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.instrument.Listed;

/** Finds the Korean instruments that TRs are about. */
record KoreanListing(Function<String, Result<Listed>> lookup) {
    /** Name of the parameter. */
    static final String PARAMETER = "shcode";

    /**
     * The instrument of {@code shcode}, which the caller may see.
     *
     * @throws kr.kisgateway.gateway.error.RefusedException for no code, an unlisted one, one of another market or caller
     */
    Listed require(TrParameters parameters, Caller caller) {
        var listed = lookup.apply(parameters.required(PARAMETER)).orElseThrow();
        caller.requireSymbol(listed.code());
        listed.requireKorean();
        return listed;
    }
}
