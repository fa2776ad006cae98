package kr.kisgateway.gateway.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.gateway.cluster.ClusterStore;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.lease.LeaseHolder;

/** Checks of the database that gateways of a cluster share; nothing in it is changed. */
public final class DatabaseChecks {
    private static final String APPLICATION = "kis-gateway doctor";

    private DatabaseChecks() {}

    /**
     * Whether the journal's database can be used from here, and who owns the accounts.
     *
     * @param own where the folder has its journal that was not moved to the database; a gateway does not start beside one
     * @param lease of the accounts
     */
    public static Finding journal(
            PostgresAddress address, Path own, String environment, String lease, InstantSource clock) {
        if (Files.exists(own)) {
            return Finding.fail(
                    DoctorItem.JOURNAL,
                    "DATABASE_URL is set, and the data folder has a journal of its own, " + own,
                    "DATABASE_URL 이 설정되어 있는데 데이터 폴더에 자체 저널이 있습니다: " + own,
                    "move it by ./kis journal migrate --env " + environment + ", or use another GATEWAY_DATA_DIR",
                    "./kis journal migrate --env " + environment + " 로 옮기거나 다른 GATEWAY_DATA_DIR 을 사용하세요");
        }
        try {
            Optional<LeaseHolder> holder =
                    ClusterStore.inspect(Postgres.inspect(address, environment, APPLICATION), lease, clock);
            String owner = holder.map(it -> it.expired()
                            ? "no gateway owns the accounts now, the last was " + it.node()
                            : it.node() + " owns the accounts")
                    .orElse("no gateway used it yet");
            String ownerKo = holder.map(it ->
                            it.expired() ? "지금 계좌를 맡은 게이트웨이 없음(마지막 " + it.node() + ")" : "계좌를 맡은 게이트웨이 " + it.node())
                    .orElse("아직 사용한 게이트웨이 없음");
            return Finding.ok(
                    DoctorItem.JOURNAL,
                    "in the database " + address + ", which can be used; " + owner
                            + "; ./kis journal verify reads all events",
                    "데이터베이스 " + address + " 사용 가능, " + ownerKo + ". 전체 검증은 ./kis journal verify");
        } catch (DatabaseException e) {
            return Finding.fail(
                    DoctorItem.JOURNAL,
                    String.valueOf(e.getMessage()),
                    "저널 데이터베이스를 사용할 수 없습니다: " + e.getMessage(),
                    "docs/CLUSTER.md has what the gateway needs of it",
                    "필요한 조건은 docs/CLUSTER.md 에 있습니다");
        }
    }

    /** The daily backup has files, and the orders are in the database. */
    public static Finding backup(PostgresAddress address) {
        return Finding.warning(
                DoctorItem.BACKUP,
                "the orders are in the database " + address + ", which ./kis backup does not contain",
                "주문은 데이터베이스 " + address + " 에 있고 ./kis backup 에는 들어가지 않습니다",
                "keep a synchronous replica, and back it up by PostgreSQL's own tools (docs/BACKUP.md)",
                "동기 복제본을 두고 PostgreSQL 도구로 백업하세요(docs/BACKUP.md)");
    }
}
