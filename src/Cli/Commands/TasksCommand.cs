using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi tasks` and `versemi tasks merge FROM INTO`: the label space.</summary>
internal static class TasksCommand
{
    public static Command Create()
    {
        var command = new Command("tasks", "The targets that the model knows") { Merge() };
        command.SetQuestion(async (api, _, output, cancellation) =>
            Show(output, await api.GetAsync<IReadOnlyList<TaskView>>(Routes.Tasks, cancellation)));
        return command;
    }

    private static Command Merge()
    {
        var from = new Argument<string>("FROM") { Description = "The task that becomes another name of INTO" };
        var into = new Argument<string>("INTO");
        var why = Ask.Why();
        var command = new Command("merge", "Say that two tasks are the same target") { from, into, why };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            var merge = new MergeTasks(parsed.GetValue(from)!, parsed.GetValue(into)!, Ask.Who, parsed.GetValue(why));
            Show(output, await api.PostAsync<IReadOnlyList<TaskView>>(Routes.MergeTasks, merge, cancellation));
        });
        return command;
    }

    private static void Show(Out output, IReadOnlyList<TaskView> tasks) => output.Table("Tasks", tasks,
        ("task", t => t.Id), ("name", t => t.Name), ("modality", t => t.Modality), ("column", t => t.Column), ("merged into", t => t.MergedInto),
        ("datasets", t => t.Datasets), ("Dice in production", t => t.ProductionDice));
}
