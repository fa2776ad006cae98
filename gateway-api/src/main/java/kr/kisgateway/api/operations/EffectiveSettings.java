package kr.kisgateway.api.operations;

import java.util.List;
import java.util.Optional;

/**
 * The settings that the gateway runs with, without secrets. | 게이트웨이가 실행 중인 설정 (비밀 정보 제외).
 *
 * @param settings All settings, in the order of their table. | 모든 설정.
 * @param further Names of the app keys, accounts and finer limits in {@code gateway.yaml}. | gateway.yaml 의 앱키, 계좌, 세부 한도
 *     이름.
 * @param needRestart Names of settings whose value in the files is another since the start: it applies after a restart. | 시작 후
 *     파일에서 바뀌어 재시작해야 적용되는 설정 이름.
 */
public record EffectiveSettings(List<Item> settings, List<String> further, List<String> needRestart) {
    /**
     * A setting. | 설정 하나.
     *
     * @param name Its name in the environment and in {@code .env}. | 환경변수와 .env 의 이름.
     * @param group The group that it is documented in. | 설정 그룹.
     * @param groupKo The group in Korean. | 설정 그룹(한국어).
     * @param value The value in force, masked where it is a secret; null when unset without a default. | 적용 중인 값. 비밀 정보는
     *     가리며, 값도 기본값도 없으면 null.
     * @param origin Source of the value, as {@code default}, {@code gateway.yaml}, {@code .env}, {@code environment}. | 값의
     *     출처.
     * @param reloadable Whether a running gateway applies a change in the files. | 실행 중에 파일의 변경을 적용하는지 여부.
     * @param about What it means, in English. | 설정의 뜻(영어).
     * @param aboutKo What it means, in Korean. | 설정의 뜻(한국어).
     */
    public record Item(
            String name,
            String group,
            String groupKo,
            Optional<String> value,
            String origin,
            boolean reloadable,
            String about,
            String aboutKo) {}
}
