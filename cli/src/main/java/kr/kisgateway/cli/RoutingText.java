package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import kr.kisgateway.api.order.Routing;

/** Why the gateway chose a venue, and the figures of both. */
final class RoutingText {
    private RoutingText() {}

    static String of(Routing routing) {
        return reason(routing.reason()) + "; KRX: " + figures(routing.krx()) + "; NXT: " + figures(routing.nxt());
    }

    private static String reason(String reason) {
        return switch (reason) {
            case "ONLY_OPEN" -> "the other one does not accept it now";
            case "HALTED" -> "trading is suspended on the other one";
            case "REFUSED" -> "KIS refused the last order on the other one";
            case "SLOW" -> "KIS answers slowly for the other one";
            case "VOLUME" -> "hardly anything is traded on the other one";
            case "PRICE" -> "the better price";
            default -> "no rule prefers one";
        };
    }

    private static String figures(Routing.Figures venue) {
        if (!venue.accepts()) {
            return "closed for it";
        }
        var parts = new ArrayList<String>();
        if (venue.halted()) {
            parts.add("suspended");
        }
        add(parts, "price ", venue.best(), "");
        add(parts, "volume ", venue.volume(), "");
        add(parts, "answers in ", venue.answerMs(), " ms");
        venue.refusal().ifPresent(code -> parts.add("refused " + code));
        return parts.isEmpty() ? "nothing known" : String.join(", ", parts);
    }

    private static void add(List<String> parts, String before, OptionalLong figure, String after) {
        if (figure.isPresent()) {
            parts.add(before + Format.value(figure) + after);
        }
    }
}
