package kr.kisgateway.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.gateway.secret.MasterKeys;
import kr.kisgateway.gateway.secret.SecretException;
import kr.kisgateway.gateway.secret.SecretFile;
import kr.kisgateway.gateway.secret.StoredSecret;
import kr.kisgateway.gateway.settings.SecretsPlace;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.CommandLines;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code secrets set|list|remove|rotate|move-master-key}: secrets that the gateway stores encrypted, instead of in clear in
 * {@code .env} or {@code gateway.yaml}. Exit code 0 done, 1 the file or the master key cannot be used, 2 usage error.
 */
@Command(
        synopsisSubcommandLabel = "COMMAND",
        description = "Secrets of the gateway, stored encrypted.%n" + "게이트웨이의 비밀 정보를 암호화해 저장하고 교체합니다.",
        footer = {
            "",
            "A secret with the name of a setting (KIS_APP_SECRET) is that setting; another is what gateway.yaml refers to as"
                    + " secret:NAME. A running gateway uses what was stored when it started. docs/SECRETS.md",
        })
final class SecretsCommand {
    private static final int FAILED = 1;
    private static final List<Column> COLUMNS =
            List.of(Column.left("NAME"), Column.left("SET ON"), Column.right("DAYS"), Column.left("EXPIRES ON"));

    private final CommandEnvironment process;

    @Mixin
    private DataDirOption folderOption = new DataDirOption();

    SecretsCommand(CommandEnvironment process) {
        this.process = process;
    }

    /** Adds {@code secrets} and its commands. */
    void addTo(CommandLine root) {
        var line = CommandLines.add(root, "secrets", this);
        CommandLines.add(line, "set", new SetSecret());
        CommandLines.add(line, "list", new ListSecrets());
        CommandLines.add(line, "remove", new RemoveSecret());
        CommandLines.add(line, "rotate", new Rotate());
        CommandLines.add(line, "move-master-key", new MoveMasterKey());
    }

    @Command(
            description = "Store a secret: typed without being displayed, or from standard input.%n"
                    + "비밀 정보를 저장합니다. 입력한 값은 화면에 표시되지 않습니다.")
    private final class SetSecret implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "a setting, or another name: " + StoredSecret.NAME_RULE)
        private String name = "";

        @Option(names = "--file", paramLabel = "FILE", description = "the file with the value (standard input)")
        private Optional<Path> file = Optional.empty();

        @Option(names = "--expires", paramLabel = "DAY", description = "the last day it is valid, 2027-01-31 (none)")
        private Optional<String> expires = Optional.empty();

        @Override
        public Integer call() {
            if (!StoredSecret.isName(name)) {
                throw new UsageException("./kis secrets set NAME: a name has " + StoredSecret.NAME_RULE + ".");
            }
            requireSecretSetting(name);
            var expiresOn = expires.map(SecretsCommand::parseDay);
            return inFolder((folder, keys, random) -> {
                var value = Secret.of(readValue(name, file));
                var now = process.clock().instant().truncatedTo(ChronoUnit.SECONDS);
                var replaced = new boolean[1];
                SecretFile.change(folder, keys.open(random), random, secrets -> {
                    replaced[0] = secrets.put(name, new StoredSecret(name, value, now, expiresOn)) != null;
                    return secrets;
                });
                process.notes()
                        .line(name + (replaced[0] ? " was replaced." : " is stored.")
                                + " The gateway uses it after its next start. (다음 시작부터 적용됩니다.)");
            });
        }
    }

    @Command(description = "Names and ages of the stored secrets.%n" + "저장된 비밀 정보의 이름과 경과 일수를 보여 줍니다.")
    private final class ListSecrets implements Callable<Integer> {
        @Override
        public Integer call() {
            return inFolder((folder, keys, random) -> {
                if (!SecretFile.existsIn(folder)) {
                    process.notes().line("No secret is stored in " + folder + "; secrets set NAME stores one.");
                    return;
                }
                process.screen()
                        .table(
                                COLUMNS,
                                SecretFile.read(folder, keys.read()).all().values().stream()
                                        .map(this::row)
                                        .toList());
            });
        }

        private List<String> row(StoredSecret secret) {
            return List.of(
                    secret.name(),
                    secret.setAt().atZone(TradingCalendar.SEOUL).toLocalDate().toString(),
                    String.valueOf(ChronoUnit.DAYS.between(
                            secret.setAt(), process.clock().instant())),
                    secret.expiresOn().map(LocalDate::toString).orElse(""));
        }
    }

    @Command(description = "Delete a stored secret.%n" + "저장된 비밀 정보를 삭제합니다.")
    private final class RemoveSecret implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "its name")
        private String name = "";

        @Override
        public Integer call() {
            return inFolder((folder, keys, random) -> {
                if (!SecretFile.existsIn(folder)
                        || !SecretFile.read(folder, keys.read()).all().containsKey(name)) {
                    throw new SecretException(
                            "No secret " + name + " is stored; ./kis secrets list names those that are.");
                }
                SecretFile.change(folder, keys.read(), random, secrets -> {
                    secrets.remove(name);
                    return secrets;
                });
                process.notes().line(name + " was removed.");
            });
        }
    }

    @Command(
            description = "Encrypt all secrets with a new data key, with --master also with a new master key.%n"
                    + "새 데이터 키로 다시 암호화합니다. --master 는 마스터 키도 바꿉니다.")
    private final class Rotate implements Callable<Integer> {
        @Option(
                names = "--master",
                description = "also a new master key; tokens are requested again at the next start, and in sim the"
                        + " ready key of the KIS port changes")
        private boolean master;

        @Override
        public Integer call() {
            return inFolder((folder, keys, random) -> {
                if (!SecretFile.existsIn(folder)) {
                    throw new SecretException("No secret is stored in " + folder + "; nothing was changed.");
                }
                var secrets = master
                        ? SecretFile.rotateMaster(folder, keys, random)
                        : SecretFile.rotate(folder, keys.read(), random);
                process.notes()
                        .line("Encrypted with a new " + (master ? "master and data key: " : "data key: ")
                                + secrets.all().size() + ".");
            });
        }
    }

    @Command(
            description = "Move the master key to the place that MASTER_KEY_SOURCE names.%n"
                    + "마스터 키를 MASTER_KEY_SOURCE 가 가리키는 곳으로 옮깁니다.")
    private final class MoveMasterKey implements Callable<Integer> {
        @Option(
                names = "--from",
                paramLabel = "SOURCE",
                required = true,
                description = "its present place, as MASTER_KEY_SOURCE names it: file")
        private String from = "";

        @Override
        public Integer call() {
            return inFolder((folder, keys, random) -> {
                keys.moveFrom(new MasterKeys(keys.folder(), from, keys.key(), keys.pin()), random);
                process.notes().line("The master key is at " + keys.label() + " now.");
            });
        }
    }

    private interface Action {
        void run(Path folder, MasterKeys keys, SecureRandom random) throws SecretException;
    }

    private int inFolder(Action action) {
        SecretsPlace place = SettingsLoader.secretsPlace(
                folderOption.arguments(), process.variables(), process.workingDir(), process.homeDir());
        if (!place.problems().isEmpty()) {
            throw new UsageException(String.join("\n", place.problems()));
        }
        try {
            action.run(place.folder(), place.masterKeys(), new SecureRandom());
            return 0;
        } catch (SecretException e) {
            process.notes().page(String.valueOf(e.getMessage()));
            return FAILED;
        }
    }

    /** A name of a setting that is no secret is most likely a mistake: it would have no effect. */
    private static void requireSecretSetting(String name) {
        Arrays.stream(Setting.values())
                .filter(setting -> setting.name().equals(name))
                .filter(setting -> !SettingsLoader.isStorable(setting))
                .findFirst()
                .ifPresent(setting -> {
                    throw new UsageException(
                            setting.form().isSecret()
                                    ? setting + " protects the stored secrets, and cannot be one of them."
                                    : setting + " is no secret: set it in gateway.yaml or .env.");
                });
        if (Setting.isMisspelt(name)) {
            throw new UsageException(Setting.noSetting(name));
        }
    }

    private static LocalDate parseDay(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException _) {
            throw new UsageException("--expires must be a day as 2027-01-31.");
        }
    }

    private String readValue(String name, Optional<Path> file) throws SecretException {
        String text;
        try {
            text = (file.isPresent() ? readFile(file.get()) : process.readSecret(name + ": ")).strip();
        } catch (IOException e) {
            throw new SecretException("The value cannot be read: " + e, e);
        }
        if (text.isEmpty()
                || text.length() > SecretFile.VALUE_MAX
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new SecretException(
                    "A secret is one line of 1 to " + SecretFile.VALUE_MAX + " characters; nothing was stored.");
        }
        return text;
    }

    private static String readFile(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(SecretFile.VALUE_MAX * 4), StandardCharsets.UTF_8);
        }
    }
}
