package kr.kisgateway.gateway.risk;

/**
 * A change of the limits by a call, as stored in the journal. It outlives a restart until the configured limits change:
 * then those are in force, because an operator who edits a setting expects it to take effect.
 *
 * @param set the limits that the call set
 * @param configured the limits configured at that time
 */
public record LimitsChange(RiskLayers set, RiskLayers configured) {
    /** The layers to start with, given the layers configured now. */
    public RiskLayers effectiveLayers(RiskLayers configuredNow) {
        return configured.equals(configuredNow) ? set : configuredNow;
    }
}
