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
        Remedy remedy = Remedy.of(error, key, order);
        screen.line("  What to do: " + remedy.english());
        screen.line("  할 일: " + remedy.korean());
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
}
