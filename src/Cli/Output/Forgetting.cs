using VerSemi.Domain.Evaluation;

namespace VerSemi.Cli.Output;

/// <summary>Tasks × model generations, Dice on sealed cases.</summary>
internal static class Forgetting
{
    /// <summary>Generations that fit beside each other; --json has all.</summary>
    private const int MostColumns = 6;

    public static void Show(Out output, ForgettingMatrix matrix)
    {
        if (output.IsJson)
        {
            Out.Json(matrix);
            return;
        }
        var shown = Enumerable.Range(0, matrix.Models.Count).TakeLast(MostColumns);
        (string, Func<TaskHistory, object?>)[] columns = [
            ("task", task => task.Task),
            .. shown.Select(i => (matrix.Models[i], (Func<TaskHistory, object?>)(task => Cell(task, i)))),
            ("forgetting", task => task.Forgetting),
            ("backward transfer", task => task.BackwardTransfer)];
        output.Table("Forgetting: Dice by model", matrix.Tasks, columns);
        if (matrix.Tasks.Any(task => task.Cells.Any(cell => IsOnOtherCases(task, cell))))
            output.Line("* on other sealed cases than the last model; only cases in common are compared.");
        if (matrix.Forgetting is not null)
            output.Line($"Mean forgetting {Out.Text(matrix.Forgetting)}, mean backward transfer {Out.Text(matrix.BackwardTransfer)}.");
    }

    private static string? Cell(TaskHistory task, int model) =>
        task.Cells[model] is { } cell ? Out.Text(cell.Dice) + (IsOnOtherCases(task, cell) ? "*" : "") : null;

    private static bool IsOnOtherCases(TaskHistory task, ForgettingCell? cell) =>
        cell is not null && task.Cells[^1] is { } last && (cell.Common < cell.Cases || cell.Common < last.Cases);
}
