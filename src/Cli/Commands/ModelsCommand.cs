using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Output;
using VerSemi.Domain.Evaluation;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi models [ID] [--forgetting]`: what was promoted; one of them with its Dice per task, its judgement and its ledger rows.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "A model, as 3 or main/3", Arity = ArgumentArity.ZeroOrOne };
        var forgetting = new Option<bool>("--forgetting") { Description = "Tasks × models: Dice on sealed cases, and what was forgotten" };
        var line = new Option<string>("--line") { Description = "Of which line --forgetting tells", DefaultValueFactory = _ => "main" };
        var command = new Command("models", "The models; with an id, one of them, what it scored and when it was live") { id, forgetting, line };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            if (parsed.GetValue(forgetting))
            {
                Forgetting.Show(output, await api.GetAsync<ForgettingMatrix>(Routes.Forgetting(Uri.EscapeDataString(parsed.GetValue(line)!)), cancellation));
                return;
            }
            if (parsed.GetValue(id) is { } model)
            {
                var (of, version) = Ask.ModelOf(model);
                Show(output, await api.GetAsync<ModelDetail>(Routes.Model(of, version), cancellation));
                return;
            }
            output.Table("Models", await api.GetAsync<IReadOnlyList<ModelView>>(Routes.Models, cancellation),
                ("model", m => $"{m.Line}/{m.Version}"), ("in production", m => m.InProduction), ("mean Dice", m => m.MeanDice), ("tasks", m => m.Tasks),
                ("started from", m => m.Parent), ("run", m => m.Run), ("since", m => m.CreatedAt));
        });
        return command;
    }

    private static void Show(Out output, ModelDetail detail)
    {
        if (output.IsJson)
        {
            Out.Json(detail);
            return;
        }
        var model = detail.Model;
        output.Facts($"model {model.Line}/{model.Version}",
            ("in production", model.InProduction), ("mean Dice", model.MeanDice), ("started from", model.Parent ?? "scratch"), ("run", model.Run),
            ("recipe", detail.Manifest.Recipe.Name), ("label space", detail.Manifest.LabelSpace.Version), ("datasets", model.Datasets), ("notice", detail.Manifest.Notice));
        if (detail.Manifest.Terms.Count > 0)
            output.Table("Terms of its data", detail.Manifest.Terms, ("dataset", t => t.Dataset), ("licence", t => t.Licence), ("consent", t => t.Consent), ("purpose", t => t.Purpose));
        if (detail.Evaluation is { } evaluation)
            output.Table("On sealed cases", evaluation.Tasks, ("task", task => task), ("cases", task => evaluation.Scores.Count(s => s.Task == task)),
                ("Dice", task => evaluation.MeanDice(task)), ("HD95 mm", task => evaluation.Scores.Where(s => s.Task == task).Average(s => s.Hd95)));
        if (detail.Judgement is { } judgement)
            Verdict.Show(output, judgement);
        Ledger.Show(output, detail.Ledger);
    }
}
