package kr.kisgateway.gateway.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import kr.kisgateway.client.settings.DotEnv;
import kr.kisgateway.client.settings.Origin;
import kr.kisgateway.client.settings.Reader;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingValues;
import kr.kisgateway.market.NearestWord;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The sources of settings, weakest first, so that each overrides the ones before it: {@code gateway.yaml}, {@code
 * .env}, the environment, the command line. {@link SettingsLoader} validates the values.
 */
final class SettingsSources {
    /** File of settings in the working folder. */
    static final String YAML = "gateway.yaml";

    /** File of variables in the working folder. */
    static final String DOT_ENV = ".env";

    private static final String GATEWAY_PREFIX = "gateway-";

    /** The options of the command line as its help has them: settings of the gateway itself have no prefix. */
    private static final List<String> OPTIONS = Arrays.stream(Setting.values())
            .filter(setting -> setting.readers().contains(Reader.GATEWAY))
            .map(setting ->
                    withoutPrefix(setting.name().toLowerCase(Locale.ROOT).replace('_', '-')))
            .toList();

    private final Path workingDir;
    private final SettingValues values;
    private final List<String> problems;
    private final List<String> warnings;
    private final Consumer<JsonNode> risk;
    private final Consumer<JsonNode> kis;

    /**
     * @param values receives the values found
     * @param risk receives the layers of limits of {@code gateway.yaml}
     * @param kis receives its further app keys and accounts
     */
    SettingsSources(
            Path workingDir,
            SettingValues values,
            List<String> problems,
            List<String> warnings,
            Consumer<JsonNode> risk,
            Consumer<JsonNode> kis) {
        this.workingDir = workingDir;
        this.values = values;
        this.problems = problems;
        this.warnings = warnings;
        this.risk = risk;
        this.kis = kis;
    }

    /** Reads all sources. */
    void gather(List<String> args, Map<String, String> environment) {
        readYaml(workingDir.resolve(YAML));
        readDotEnv(workingDir.resolve(DOT_ENV));
        new TreeMap<>(environment).forEach((name, value) -> takeVariable(name, value, Origin.ENVIRONMENT));
        readArguments(args);
        new TreeMap<>(values.all()).forEach(this::warnOfNoEffect);
    }

    /** A setting that no component reads is never accepted silently. */
    private void warnOfNoEffect(Setting setting, SettingValues.SettingValue configured) {
        var readers = setting.readers();
        if (readers.isEmpty()) {
            warnings.add(setting + " is accepted but has no effect in this version.");
        } else if (!readers.contains(Reader.GATEWAY)
                && configured.origin() != Origin.ENVIRONMENT
                && !(readers.contains(Reader.SDK) && configured.origin() == Origin.DOT_ENV)) {
            warnings.add(setting + " in " + configured.origin().label() + " has no effect on the gateway: "
                    + readers.stream().map(Reader::label).collect(Collectors.joining(", "))
                    + " read it from the environment.");
        }
    }

    private void readYaml(Path file) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            var tree = new YAMLMapper().readTree(Files.readString(file));
            if (tree.get("kis") instanceof JsonNode node && node.isObject()) {
                kis.accept(node);
            }
            // After the accounts, which its layers name.
            if (tree.get("risk") instanceof JsonNode node && node.isObject()) {
                risk.accept(node);
            }
            flatten("", tree);
        } catch (IOException e) {
            problems.add("gateway.yaml cannot be read: check its permissions.");
        } catch (JacksonException e) {
            problems.add("gateway.yaml is not valid YAML" + line(e) + ".");
        }
    }

    private static String line(JacksonException e) {
        // The parser's message would quote the text, and the text may be a secret.
        return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
    }

    private void flatten(String prefix, JsonNode node) {
        if (node.isObject()) {
            node.properties().stream()
                    .filter(member -> !(prefix.equals("risk") && RiskSettings.isLayers(member.getKey())))
                    .filter(member -> !(prefix.equals("kis")
                            && (AppKeySettings.isAppKeys(member.getKey())
                                    || AccountSettings.isAccounts(member.getKey()))))
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
        Setting.of(name)
                .ifPresentOrElse(
                        setting -> values.put(setting, value, Origin.FILE),
                        () -> warnings.add("gateway.yaml: " + Setting.noSetting(name)));
    }

    private void readDotEnv(Path file) {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            var parsed = DotEnv.parse(Files.readString(file, StandardCharsets.UTF_8));
            problems.addAll(parsed.problems());
            parsed.values().forEach((name, value) -> takeVariable(name, value, Origin.DOT_ENV));
        } catch (IOException e) {
            problems.add(".env cannot be read as UTF-8 text: check its permissions and encoding.");
        }
    }

    private void takeVariable(String name, String value, Origin origin) {
        Arrays.stream(Setting.values())
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .ifPresentOrElse(setting -> values.put(setting, value, origin), () -> {
                    // A misspelt limit without a message would be no limit. The file is the gateway's own, the
                    // environment is not.
                    if (Setting.isMisspelt(name)
                            || origin == Origin.DOT_ENV && Setting.nearest(name).isPresent()) {
                        warnings.add(Setting.noSetting(name));
                    }
                });
    }

    private void readArguments(List<String> args) {
        for (var i = 0; i < args.size(); i++) {
            var arg = args.get(i);
            if (!arg.startsWith("--")) {
                problems.add("The argument \"" + arg + "\" is not understood; settings are passed as --name=value.");
                continue;
            }
            var equals = arg.indexOf('=');
            var name = equals < 0 ? arg.substring(2) : arg.substring(2, equals);
            var setting = Setting.of(name).or(() -> Setting.of(GATEWAY_PREFIX + name));
            if (setting.isEmpty()) {
                problems.add("There is no setting --" + name
                        + NearestWord.of(withoutPrefix(name), OPTIONS)
                                .map(option -> "; did you mean --" + option + "?")
                                .orElse("."));
                // Its value must not be parsed as a further argument.
                if (equals < 0 && i + 1 < args.size() && !args.get(i + 1).startsWith("--")) {
                    i++;
                }
            } else if (equals >= 0) {
                values.put(setting.get(), arg.substring(equals + 1), Origin.COMMAND_LINE);
            } else if (i + 1 < args.size() && !args.get(i + 1).startsWith("--")) {
                values.put(setting.get(), args.get(++i), Origin.COMMAND_LINE);
            } else {
                problems.add("The setting --" + name + " needs a value.");
            }
        }
    }

    private static String withoutPrefix(String option) {
        return option.startsWith(GATEWAY_PREFIX) ? option.substring(GATEWAY_PREFIX.length()) : option;
    }
}
