namespace VerSemi.Orchestrator.Segmentations;

/// <summary>The words of a segmentation's states.</summary>
public static class SegmentationStates
{
    public const string Queued = "Queued";
    public const string Running = "Running";
    public const string Done = "Done";
    public const string Failed = "Failed";

    public static bool IsFinal(string state) => state is Done or Failed;
}
