package kr.kisgateway.gateway.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import kr.kisgateway.client.settings.Form;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingValues;

/**
 * Reads the settings again when {@code .env} or {@code gateway.yaml} changed, from the same sources in the same order as at the
 * start: the environment and the command line are those of the start, and stay stronger. Of one thread.
 *
 * <p>An editor may write a file in several steps. So a changed file is read when it has been the same for two calls in a row, and
 * what was read counts only if it is still the same afterwards.
 */
public final class SettingsReload {
    private final Path workingDir;
    private final Function<SettingsReload, Loading> loading;
    private Optional<Source> started = Optional.empty();
    private Optional<Source> last = Optional.empty();
    private volatile Optional<Effective> effective = Optional.empty();
    private List<String> read;
    private List<String> observed;

    /**
     * All sources, read once.
     *
     * @param settings not to be used with problems
     * @param report the same for people, without secrets
     */
    record Loading(SettingValues values, Settings settings, List<String> problems, ConfigReport report) {
        private Source source() {
            var layers = settings.risk().layers();
            return new Source(
                    values,
                    Map.of(
                            "risk.accounts", layers.accounts(),
                            "risk.strategies", layers.strategies(),
                            "risk.keys", layers.keys(),
                            "kis.app-keys", settings.kis().furtherKeys(),
                            "kis.accounts", settings.kis().furtherAccounts()));
        }
    }

    /**
     * The values that were found.
     *
     * @param lists of {@code gateway.yaml}, by their names there
     */
    private record Source(SettingValues values, Map<String, Object> lists) {
        /** The value of {@code setting}; empty where its default applies. An empty text is a value of symbols alone: none. */
        private Optional<String> value(Setting setting) {
            return setting.form() == Form.SYMBOLS
                    ? values.explicit(setting).map(it -> it.text().strip())
                    : values.text(setting);
        }

        /** Names of what differs, sorted. */
        private Set<String> differences(Source other) {
            var names = new TreeSet<String>();
            Arrays.stream(Setting.values())
                    .filter(setting -> !value(setting).equals(other.value(setting)))
                    .forEach(setting -> names.add(setting.name()));
            lists.forEach((name, list) -> {
                if (!list.equals(other.lists().get(name))) {
                    names.add(name);
                }
            });
            return names;
        }
    }

    /**
     * The settings that the gateway runs with.
     *
     * @param needRestart names of the settings that have another value in the files since the start, sorted
     */
    public record Effective(ConfigReport report, List<String> needRestart) {
        public Effective {
            needRestart = List.copyOf(needRestart);
        }
    }

    /** What a call of {@link #read} found. */
    public sealed interface Reading {
        /** The files are as they were, or are being written. */
        record Unchanged() implements Reading {}

        /**
         * The files were read.
         *
         * @param live the settings that apply from now on
         * @param applied names of the settings that changed since the last reading and apply
         * @param needRestart names of the settings that are others than at the start and apply after a restart
         */
        record Read(Settings.Live live, List<String> applied, List<String> needRestart) implements Reading {}

        /** The settings are not valid; those before them stay. */
        record Refused(List<String> problems) implements Reading {}
    }

    /**
     * @param workingDir folder of the files
     * @param loading reads all sources; its settings refer to this object
     */
    SettingsReload(Path workingDir, Function<SettingsReload, Loading> loading) {
        this.workingDir = workingDir;
        this.loading = loading;
        // Before the files are read: a change in between is found by the first call of read.
        this.read = state();
        this.observed = read;
    }

    /** Of settings that are not those of a gateway: they are never read again. */
    static SettingsReload none(Path workingDir) {
        return new SettingsReload(workingDir, _ -> {
            throw new IllegalStateException("these settings start no gateway");
        });
    }

    /** The settings of the start. */
    Loading load() {
        var loaded = loading.apply(this);
        started = Optional.of(loaded.source());
        last = started;
        effective = Optional.of(new Effective(loaded.report(), List.of()));
        return loaded;
    }

    /** Reads the files if they have changed. */
    public Reading read() {
        var now = state();
        boolean isStable = now.equals(observed);
        observed = now;
        if (now.equals(read) || !isStable) {
            return new Reading.Unchanged();
        }
        var loaded = loading.apply(this);
        if (!state().equals(now)) {
            return new Reading.Unchanged(); // a later call reads them
        }
        read = now;
        if (!loaded.problems().isEmpty()) {
            return new Reading.Refused(loaded.problems());
        }
        var source = loaded.source();
        var applied = names(source, last, true);
        last = Optional.of(source);
        var needRestart = names(source, started, false);
        effective = effective.map(before -> new Effective(before.report().withReloaded(loaded.report()), needRestart));
        return new Reading.Read(loaded.settings().live(), applied, needRestart);
    }

    /** The settings as they hold, of any thread; empty for settings that start no gateway. */
    public Optional<Effective> effective() {
        return effective;
    }

    private static List<String> names(Source source, Optional<Source> before, boolean reloadable) {
        return source.differences(before.orElseThrow()).stream()
                .filter(name -> reloadable
                        == Setting.of(name).filter(Setting::isReloadable).isPresent())
                .toList();
    }

    /** What distinguishes the content of the files from another, without reading it. */
    private List<String> state() {
        return List.of(state(SettingsSources.YAML), state(SettingsSources.DOT_ENV));
    }

    private String state(String name) {
        try {
            var file = Files.readAttributes(workingDir.resolve(name), BasicFileAttributes.class);
            return file.lastModifiedTime() + " " + file.size() + " " + file.fileKey();
        } catch (NoSuchFileException _) {
            return "";
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }
}
