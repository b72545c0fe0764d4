namespace VerSemi.DistributedKit.Scaling;

/// <summary>How many jobs KEDA starts for a ScaledJob with one message a job and the strategy "accurate".</summary>
public static class AccurateScaling
{
    /// <param name="ready">Messages that wait in the queue, those being delivered not counted.</param>
    /// <param name="running">Jobs that have not ended, the pending ones among them.</param>
    /// <param name="pending">Jobs whose pod is not ready yet: each will take one of the messages.</param>
    public static int JobsToStart(long ready, int running, int pending, int maxReplicas)
    {
        var scale = (int)Math.Min(ready, maxReplicas);
        var more = scale + running > maxReplicas ? maxReplicas - running : scale - pending;
        return Math.Clamp(more, 0, scale);
    }
}
