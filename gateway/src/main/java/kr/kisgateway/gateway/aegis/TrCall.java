package kr.kisgateway.gateway.aegis;

import java.util.List;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.aegis.AegisAnswer;
import kr.kisgateway.gateway.http.Caller;

/** A TR: its parameters, and what it answers. */
interface TrCall {
    /** Its code, the last part of its path. */
    String name();

    /** The lowest role that may call it. */
    Role role();

    /** Names of its parameters; any other is refused. */
    List<String> parameters();

    /**
     * The answer.
     *
     * @throws kr.kisgateway.gateway.error.RefusedException when it is refused
     */
    AegisAnswer answer(TrParameters parameters, Caller caller, AegisVersion version);
}
