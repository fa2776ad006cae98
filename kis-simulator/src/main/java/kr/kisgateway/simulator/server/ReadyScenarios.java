package kr.kisgateway.simulator.server;

import java.util.List;
import java.util.function.Function;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.catalog.Json;

/**
 * The scenarios that a control call plays by name.
 *
 * @param named reads the scenario of one of the names
 */
public record ReadyScenarios(List<String> names, Function<String, Scenario> named) {
    public ReadyScenarios {
        names = List.copyOf(names);
    }

    /** No scenarios: a replay has its own course. */
    static ReadyScenarios none() {
        return new ReadyScenarios(List.of(), name -> {
            throw new IllegalArgumentException("a recording is played; there are no scenarios");
        });
    }

    /** Their names and descriptions as JSON. */
    String json() {
        Json json = Json.object().startArray("scenarios");
        names.forEach(name -> json.startRow()
                .field("name", name)
                .field("description", named.apply(name).description().strip())
                .end());
        return json.endArray().text();
    }
}
