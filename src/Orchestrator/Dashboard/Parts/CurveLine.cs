namespace VerSemi.Orchestrator.Dashboard.Parts;

/// <param name="Points">At least one, by rising step.</param>
public sealed record CurveLine(string Name, IReadOnlyList<(int Step, double Value)> Points);
