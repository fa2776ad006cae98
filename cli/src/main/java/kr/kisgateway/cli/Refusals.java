package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Pair;
import tools.jackson.databind.JsonNode;

/** Displays refusals of the gateway: code, message, next step, facts. */
final class Refusals {
    private Refusals() {}

    /** @param order the order of the command, where it has one */
    static void show(Screen screen, JsonNode error, Optional<String> key, Optional<String> order) {
        screen.line("Refused: " + error.path("code").asString(""));
        screen.line("  " + error.path("message").asString(""));
        screen.line("  What to do: " + advice(error, key, order));
        var facts = new ArrayList<Pair>();
        error.path("details").forEachEntry((name, value) -> facts.add(new Pair(name, Format.value(value))));
        JsonNode kis = error.path("kis");
        if (kis.isObject()) {
            facts.add(new Pair(
                    "KIS message",
                    kis.path("msg_cd").asString("") + " " + kis.path("msg1").asString("")));
        }
        facts.add(new Pair("trace", error.path("trace_id").asString("")));
        screen.pairs(List.copyOf(facts));
    }

    private static String advice(JsonNode error, Optional<String> key, Optional<String> order) {
        String withKey = key.map(k -> " with --key " + k).orElse("");
        return switch (error.path("code").asString("")) {
            case "UNAUTHENTICATED" ->
                "set GATEWAY_API_KEY to a key; ./kis keys create NAME makes one where the gateway's data folder is.";
            case "FORBIDDEN" -> "use a key whose role, accounts and symbols allow it; ./kis keys list shows them.";
            case "OPERATOR_TOKEN_REQUIRED" ->
                "set GATEWAY_OPERATOR_TOKEN to the operator's token that the gateway was started with.";
            case "OPERATOR_TOKEN_WRONG" -> "GATEWAY_OPERATOR_TOKEN here and at the gateway must be the same.";
            case "SYMBOL_NOT_FOUND", "INVALID_SYMBOL" ->
                "./kis search NAME finds the code of a company, as in ./kis search 삼성전자.";
            case "ORDER_NOT_FOUND" -> "./kis orders list shows the orders there are.";
            case "ORDER_ALREADY_TERMINAL", "INVALID_TRANSITION" ->
                "./kis orders show " + order.orElse("ID") + " shows the order's status.";
            case "JOURNAL_UNAVAILABLE" ->
                error.path("details").path("kill_switch").asBoolean(false)
                        ? "this gateway sends nothing more; repeat the command until it is done, and check the broker's"
                                + " list yourself."
                        : key.isPresent()
                                ? "it is unknown whether it was done; repeat the command" + withKey
                                        + ", under which it cannot be done twice."
                                : "it is unknown whether it was done; check, then repeat it.";
            case "IDEMPOTENCY_KEY_BODY_MISMATCH" -> "use another --key, or none: each command then has a new one.";
            case "KILL_SWITCH" -> "./kis kill-switch status; cancels are always accepted.";
            case "NOT_READY" -> "wait until the blockers are gone; cancels are always accepted.";
            case "INTERNAL_ERROR" -> "search the gateway's log for the trace.";
            default ->
                error.path("retryable").asBoolean(false)
                        ? "try again" + retryDelay(error) + withKey + "."
                        : "change what the message names; the same request is refused again.";
        };
    }

    private static String retryDelay(JsonNode error) {
        long wait = error.path("retry_after_ms").asLong(0);
        return wait == 0 ? "" : " in " + Math.ceilDiv(wait, 1_000) + " s";
    }
}
