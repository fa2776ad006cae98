package kr.kisgateway.api.session;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/**
 * The gateways that share a database, and which of them owns the accounts. | 데이터베이스를 함께 쓰는 게이트웨이와 계좌를 맡은 게이트웨이.
 *
 * @param mode single: a gateway with files of its own, which shares nothing; cluster: gateways with one database. | single: 자체 파일을
 *     쓰는 단독 게이트웨이. cluster: 데이터베이스를 함께 쓰는 게이트웨이.
 * @param node Name of the gateway that answers. | 응답한 게이트웨이의 이름.
 * @param lease The lease of the owner; null without a cluster. | 소유 게이트웨이의 임대. 단독이면 null.
 * @param nodes Gateways seen within a day, by name, without those that stopped. | 하루 안에 확인된 게이트웨이(정상 종료된 것 제외). 이름순.
 */
public record ClusterStatus(
        @OneOf({"single", "cluster"}) String mode, String node, Optional<Lease> lease, List<Node> nodes) {

    /**
     * Who owns app keys, accounts and the journal. | 앱키, 계좌, 저널의 소유.
     *
     * @param owner Name of the gateway. | 게이트웨이 이름.
     * @param epoch Number of this ownership; each change of the owner raises it. | 소유 번호. 소유자가 바뀔 때마다 커집니다.
     * @param since When it took over, by the database's clock. | 이어받은 시각 (데이터베이스 시계).
     * @param expiresAt When another may take over unless it is renewed, by the database's clock. | 갱신하지 않으면 다른 게이트웨이가 이어받을 수 있는
     *     시각 (데이터베이스 시계).
     */
    public record Lease(String owner, long epoch, OffsetDateTime since, OffsetDateTime expiresAt) {}

    /**
     * A gateway of the cluster. | 클러스터의 게이트웨이 하나.
     *
     * @param name Its name. | 이름.
     * @param address Where its API answers. | API 주소.
     * @param role owner: it trades; standby: it serves callers and takes over; edge: it serves callers and never takes over; silent:
     *     it was not seen for the length of a lease. | owner: 거래 중. standby: 호출에 응답하다가 이어받음. edge: 호출에만 응답하고 이어받지 않음.
     *     silent: 임대 시간 동안 응답 없음.
     * @param version Its version. | 버전.
     * @param seenAt When it was seen last, by the database's clock. | 마지막 확인 시각 (데이터베이스 시계).
     */
    public record Node(
            String name,
            String address,
            @OneOf({"owner", "standby", "edge", "silent"}) String role,
            String version,
            OffsetDateTime seenAt) {}
}
