package kr.kisgateway.api.webhook;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.Default;
import kr.kisgateway.api.schema.Form;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.Range;
import kr.kisgateway.api.schema.Size;

/**
 * A webhook to be created. In a template a JSON pointer in braces stands for the alert's value there; other text is taken as it
 * is. | 생성할 웹훅. 템플릿에서 중괄호 안의 JSON 포인터는 알림의 해당 값이며 나머지 글자는 그대로 씁니다.
 *
 * @param name Name of the webhook, a part of its address. | 웹훅 이름. 주소의 일부입니다.
 * @param key Name of the API key as which it orders: it can do no more than this key. | 주문에 쓰는 API 키의 이름. 이 키의 권한을 넘을 수
 *     없습니다.
 * @param order Template of each field of the order: {@code account_id}, {@code symbol}, {@code side} and {@code qty}, and any
 *     other of {@code POST /v1/orders} except {@code dispatch_by} and {@code dry_run}. {@code KRX:005930} is read as 005930.
 *     | 주문 항목별 템플릿. {@code account_id}, {@code symbol}, {@code side}, {@code qty}는 필수이며 {@code KRX:005930}은
 *     005930으로 읽습니다.
 * @param values Accepted words of a field and what each stands for, as {@code long} for {@code BUY}; with it any other word is
 *     refused. | 항목별로 허용하는 값과 그 뜻 (예: {@code long}은 {@code BUY}). 지정하면 다른 값은 거부합니다.
 * @param id Template of the alert's own id: two alerts with the same one are one order. | 알림 ID의 템플릿. 같은 ID의 알림은 한
 *     번만 주문합니다.
 * @param time Template of the alert's time, as ISO 8601 with offset or epoch seconds or milliseconds. | 알림 시각의 템플릿 (시간대가
 *     있는 ISO 8601, epoch 초 또는 밀리초).
 * @param replayWindowSec Seconds by which an alert's time may differ from the gateway's; an older one is refused. | 알림 시각과
 *     게이트웨이 시각의 허용 차이(초). 벗어나면 거부합니다.
 * @param networks IP addresses or ranges from which alerts are accepted; any when left out. | 알림을 받을 IP 주소 또는 대역. 생략하면
 *     제한 없음.
 * @param perMinute Alerts per minute; more are refused. | 분당 허용 알림 수.
 * @param bytesMax Maximum bytes of an alert. | 알림의 최대 바이트 수.
 * @param dryRun Whether alerts are only checked, and nothing is ordered. | 검사만 하고 주문하지 않을지 여부.
 */
public record WebhookRequest(
        @Form("^[a-z0-9][a-z0-9._-]{0,39}$") String name,
        String key,
        Map<String, String> order,
        @OmittedWhenEmpty Optional<Map<String, Map<String, String>>> values,
        String id,
        String time,

        @Range(min = 1, max = 3600) @Default("60") @OmittedWhenEmpty
        OptionalLong replayWindowSec,

        @Size(max = 100) @OmittedWhenEmpty Optional<List<String>> networks,

        @Range(min = 1, max = 600) @Default("30") @OmittedWhenEmpty
        OptionalLong perMinute,

        @Range(min = 64, max = 65536) @Default("4096") @OmittedWhenEmpty
        OptionalLong bytesMax,

        @Default("false") @OmittedWhenEmpty Optional<Boolean> dryRun) {}
