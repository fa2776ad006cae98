package kr.kisgateway.client.settings;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The page {@code docs/SETTINGS.md}, written from the table. */
public final class SettingsPage {
    private static final String HEAD = """
            # Settings

            Written by `./kis config --document` from the table in the class `Setting`; not edited by hand. `./kis config` prints what
            holds and where it came from, secrets masked.
            `./kis config --document` 로 만든 문서입니다. 현재 값과 출처는 `./kis config` 로 확인합니다(비밀 정보는 가립니다).

            Command line over environment over `.env` over `gateway.yaml` over default. `QUOTE_STALE_AFTER` is `quote.stale-after` in
            `gateway.yaml` and `--quote-stale-after=5s` on the command line; of `GATEWAY_…` the command line also takes the rest of the
            name, `--port`. An empty value is no value. Gateway and SDK read `.env` alike: `NAME=value` a line, with or without `export`,
            in quotes or not, `#` after a blank begins a comment; a byte order mark and the line ends of Windows are no part of it.
            명령줄, 환경 변수, `.env`, `gateway.yaml`, 기본값 순으로 우선합니다.

            `gateway.yaml` alone has lists: further app keys (`kis.app-keys`) and finer limits (`risk.accounts`, `risk.strategies`,
            `risk.keys`, see [RISK.md](RISK.md)).
            """;

    private SettingsPage() {}

    /** The whole page in Markdown. */
    public static String markdown() {
        return Arrays.stream(SettingGroup.values())
                .map(SettingsPage::chapter)
                .collect(Collectors.joining("", HEAD, ""));
    }

    private static String chapter(SettingGroup group) {
        return Arrays.stream(Setting.values())
                .filter(setting -> setting.group() == group)
                .map(SettingsPage::row)
                .collect(Collectors.joining(
                        "",
                        "\n## " + group.english() + " (" + group.korean() + ")\n\n"
                                + "| setting | default | unit | meaning | 뜻 | read by |\n|---|---|---|---|---|---|\n",
                        ""));
    }

    private static String row(Setting setting) {
        return "| `%s` | %s | %s | %s | %s | %s |%n"
                .formatted(
                        setting,
                        fallback(setting),
                        setting.form().english() + " (" + setting.form().korean() + ")",
                        setting.english(),
                        setting.korean(),
                        setting.readers().isEmpty()
                                ? "no program in this version"
                                : setting.readers().stream().map(Reader::label).collect(Collectors.joining(", ")))
                .replace(System.lineSeparator(), "\n");
    }

    private static String fallback(Setting setting) {
        List<String> each = Arrays.stream(Target.values())
                .map(target ->
                        setting.fallback(target).map(it -> "`" + it + "`").orElse("–"))
                .toList();
        return each.stream().distinct().count() == 1
                ? each.getFirst()
                : Arrays.stream(Target.values())
                        .map(target -> target.label() + " " + each.get(target.ordinal()))
                        .collect(Collectors.joining(", "));
    }
}
