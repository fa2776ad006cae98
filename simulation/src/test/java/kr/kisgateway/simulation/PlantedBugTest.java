package kr.kisgateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Known defects of trading software, planted one by one, must be found: a checker without findings proves nothing. */
@Tag("slow")
class PlantedBugTest {
    private final SimulatedDay days = new SimulatedDay();

    @ParameterizedTest
    @EnumSource
    void each_planted_defect_is_caught(Bug bug) {
        assertThat(PlantedBug.find(days, bug)).as("a finding for %s", bug).isPresent();
    }
}
