package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Pair;

/** Displays refusals of the gateway: code, message, next step, facts. */
final class Refusals {
    private Refusals() {}

    /** @param order the order of the command, where it has one */
    static void show(Screen screen, ApiError error, Optional<String> key, Optional<String> order) {
        screen.line("Refused: " + error.code());
        screen.line("  " + Format.value(error.message()));
        var remedy = RemedyText.of(error, key, order);
        screen.line("  What to do: " + remedy.english());
        screen.line("  할 일: " + remedy.korean());
        var facts = new ArrayList<Pair>();
        error.details().orElse(Map.of()).forEach((name, value) -> facts.add(new Pair(name, Format.value(value))));
        error.kis().ifPresent(kis -> facts.add(new Pair("KIS message", kis.msgCd() + " " + kis.msg1())));
        facts.add(new Pair("trace", Format.value(error.traceId())));
        screen.pairs(List.copyOf(facts));
    }
}
