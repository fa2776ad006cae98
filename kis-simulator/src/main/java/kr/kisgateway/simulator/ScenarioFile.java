package kr.kisgateway.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulator.broker.Scenario;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a scenario from a YAML file (or a JSON one, which is YAML too). The format is in docs/SIMULATOR.md. */
public final class ScenarioFile {
    private static final List<String> NAMES = List.of(
            "bad-day", "lost-answers", "monday-open", "notice-chaos", "session-stolen", "slow-broker", "token-race");

    private static final long MAX_BYTES = 1024 * 1024;

    private ScenarioFile() {}

    /**
     * The scenario of the file.
     *
     * @throws IllegalArgumentException when there is none, with every mistake in a sentence
     */
    public static Scenario read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("the scenario " + file + " is larger than " + MAX_BYTES + " bytes");
            }
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no scenario " + file + "; the ready ones are " + NAMES, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the scenario " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The names of the scenarios that come with the simulator. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * A scenario that comes with the simulator.
     *
     * @throws IllegalArgumentException when none has that name
     */
    public static Scenario named(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("no scenario is called " + name + "; there are " + NAMES);
        }
        try (InputStream in = ScenarioFile.class.getResourceAsStream("scenarios/" + name + ".yaml")) {
            if (in == null) {
                throw new IllegalStateException("the scenario " + name + " is missing from the program");
            }
            return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the scenario " + name + " cannot be read", e);
        }
    }

    /** The ready scenario of that name, or else the one in the file of that path. */
    public static Scenario find(String nameOrPath) {
        return NAMES.contains(nameOrPath) ? named(nameOrPath) : read(Path.of(nameOrPath));
    }

    static Scenario parse(String name, String text) {
        // Created here, not once for all: a program without a scenario loads no YAML.
        YAMLMapper yaml = YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        if (text.isBlank()) {
            throw new IllegalArgumentException("the scenario " + name + " is empty");
        }
        try {
            Map<String, Object> file = yaml.readValue(text, new TypeReference<>() {});
            if (file == null) {
                throw new IllegalArgumentException("it is empty");
            }
            return Scenario.parse(file);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the scenario " + name + " is no YAML: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the scenario " + name + ": " + e.getMessage(), e);
        }
    }
}
