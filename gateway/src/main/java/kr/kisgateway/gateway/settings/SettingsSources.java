package kr.kisgateway.gateway.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Where settings come from, the weakest first, so that each source overrides the ones before it: {@code gateway.yaml},
 * {@code .env}, the environment, the command line. What they mean is judged by {@link SettingsLoader}.
 */
final class SettingsSources {
    private static final Pattern OURS = Pattern.compile("(GATEWAY|KIS|KRX|SIMULATOR|ORDER|RISK|JOURNAL|QUOTE)_");

    private static final Set<String> OF_THE_LAUNCHER =
            Set.of("KIS_AOT", "KIS_JDK_FOLDERS", "GATEWAY_URL", "GATEWAY_API_KEY");

    private final Path workingDir;
    private final Map<SettingName, String> values;
    private final List<String> problems;
    private final List<String> warnings;
    private final Consumer<JsonNode> risk;
    private final Consumer<JsonNode> appKeys;

    /**
     * @param values takes what is found
     * @param risk takes the layers of limits of {@code gateway.yaml}
     * @param appKeys takes its further app keys
     */
    SettingsSources(
            Path workingDir,
            Map<SettingName, String> values,
            List<String> problems,
            List<String> warnings,
            Consumer<JsonNode> risk,
            Consumer<JsonNode> appKeys) {
        this.workingDir = workingDir;
        this.values = values;
        this.problems = problems;
        this.warnings = warnings;
        this.risk = risk;
        this.appKeys = appKeys;
    }

    /** Reads all of them. */
    void gather(List<String> args, Map<String, String> environment) {
        readYaml(workingDir.resolve("gateway.yaml"));
        readDotEnv(workingDir.resolve(".env"));
        new TreeMap<>(environment).forEach(this::takeVariable);
        readArguments(args);
        values.keySet().stream()
                .filter(SettingName::unused)
                .forEach(name -> warnings.add(name + " is taken but has no effect in this version."));
    }

    private void readYaml(Path file) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            var tree = new YAMLMapper().readTree(Files.readString(file));
            if (tree.get("risk") instanceof JsonNode risk && risk.isObject()) {
                this.risk.accept(risk);
            }
            if (tree.get("kis") instanceof JsonNode kis && kis.isObject()) {
                appKeys.accept(kis);
            }
            flatten("", tree);
        } catch (IOException e) {
            problems.add("gateway.yaml cannot be read: check its permissions.");
        } catch (JacksonException e) {
            problems.add("gateway.yaml is not valid YAML" + line(e) + ".");
        }
    }

    private static String line(JacksonException e) {
        // The parser's own words would quote the text, and the text may be a secret.
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }

    private void flatten(String prefix, JsonNode node) {
        if (node.isObject()) {
            node.properties().stream()
                    .filter(member -> !(prefix.equals("risk") && RiskSettings.isLayers(member.getKey())))
                    .filter(member -> !(prefix.equals("kis") && AppKeySettings.isAppKeys(member.getKey())))
                    .forEach(member -> flatten(
                            prefix.isEmpty() ? member.getKey() : prefix + "." + member.getKey(), member.getValue()));
        } else if (node.isArray()) {
            var texts = new ArrayList<String>();
            node.forEach(entry -> texts.add(entry.asString()));
            takeYaml(prefix, String.join(",", texts));
        } else if (!node.isNull() && !node.isMissingNode()) {
            takeYaml(prefix, node.asString());
        }
    }

    private void takeYaml(String name, String value) {
        SettingName.of(name)
                .ifPresentOrElse(
                        known -> values.put(known, value),
                        () -> warnings.add("gateway.yaml: there is no setting " + name + "; it is ignored."));
    }

    private void readDotEnv(Path file) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            var number = 0;
            for (var raw : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                var line = raw.strip();
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                line = line.startsWith("export ") ? line.substring(7).strip() : line;
                var equals = line.indexOf('=');
                if (equals <= 0) {
                    problems.add(".env line " + number + " is not NAME=value.");
                } else {
                    takeVariable(
                            line.substring(0, equals).strip(),
                            unquoted(line.substring(equals + 1).strip()));
                }
            }
        } catch (IOException e) {
            problems.add(".env cannot be read as UTF-8 text: check its permissions and encoding.");
        }
    }

    private static String unquoted(String value) {
        if (value.length() >= 2
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"))) {
            return value.substring(1, value.length() - 1);
        }
        var comment = value.indexOf(" #");
        return comment < 0 ? value : value.substring(0, comment).strip();
    }

    private void takeVariable(String name, String value) {
        try {
            values.put(SettingName.valueOf(name), value);
        } catch (IllegalArgumentException e) {
            // A misspelt limit that nobody mentions would be no limit. What ./kis itself reads is no setting of ours.
            if (OURS.matcher(name).lookingAt() && !OF_THE_LAUNCHER.contains(name)) {
                warnings.add("There is no setting " + name + "; it is ignored.");
            }
        }
    }

    private void readArguments(List<String> args) {
        for (var i = 0; i < args.size(); i++) {
            var arg = args.get(i);
            if (!arg.startsWith("--")) {
                problems.add("The argument \"" + arg + "\" is not understood; settings are given as --name=value.");
                continue;
            }
            var equals = arg.indexOf('=');
            var name = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
            var known = SettingName.of(name).or(() -> SettingName.of("gateway-" + name));
            if (known.isEmpty()) {
                problems.add("There is no setting --" + name + ".");
                // Its value must not be taken for a further argument.
                if (equals < 0 && i + 1 < args.size() && !args.get(i + 1).startsWith("--")) {
                    i++;
                }
            } else if (equals >= 0) {
                values.put(known.get(), arg.substring(equals + 1));
            } else if (i + 1 < args.size() && !args.get(i + 1).startsWith("--")) {
                values.put(known.get(), args.get(++i));
            } else {
                problems.add("The setting --" + name + " needs a value.");
            }
        }
    }
}
