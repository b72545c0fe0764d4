using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// Turns pooled features and a prompt into a head's parameters: W·pooled + b + column[prompt]. The prompt enters by
/// gathering its column, never by a one-hot beside the pooled features: a wider matrix product would change the bits of
/// every task, whereas a gathered column leaves the tasks that are not asked alone.
/// </summary>
internal sealed class Controller : nn.Module
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter _bias;
    [ComponentName(Name = "synthetic")] private readonly Parameter _synthetic;
    [ComponentName(Name = "columns")] private Parameter _columns;

    public Controller(int pooled, int columns, SeededInitialisation init) : base(nameof(Controller))
    {
        _weight = init.Uniform(pooled, DynamicHead.Parameters, pooled);
        _bias = init.Uniform(pooled, DynamicHead.Parameters);
        _synthetic = init.Uniform(pooled, DynamicHead.Parameters);
        // Last, so that everything else of a seed is the same for any number of columns.
        _columns = init.Uniform(pooled, columns, DynamicHead.Parameters);
        RegisterComponents();
    }

    public int Columns => (int)_columns.shape[0];

    /// <param name="pooled">(N, 16·width)</param>
    /// <returns>One head's parameters a row: (M, <see cref="DynamicHead.Parameters"/>).</returns>
    public Tensor Run(Tensor pooled, IReadOnlyList<int> samples, IReadOnlyList<Prompt> prompts)
    {
        using var scope = NewDisposeScope();
        var image = functional.linear(pooled, _weight, _bias);
        var table = cat([_columns, _synthetic.unsqueeze(0)]);
        var rows = image.index_select(0, Indices(samples));
        return rows.Plus(table.index_select(0, Indices(prompts.Select(RowOf)))).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// A new column is the mean of the present ones and a little seeded noise (a tenth of the default initialisation):
    /// the mean gives a head of the shape that the features were trained for, the noise sets new tasks apart. With no
    /// column to start from it is the default initialisation.
    /// </summary>
    public void Grow(int added, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(added);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var init = new SeededInitialisation(seed);
        var drawn = init.Uniform(_weight.shape[1], added, DynamicHead.Parameters).detach().to(_columns.device);
        var fresh = Columns == 0 ? drawn : drawn.Times(0.1).Plus(_columns.mean([0], keepdim: true));
        var old = _columns;
        _columns = SeededInitialisation.Owned(new Parameter(cat([old.detach(), fresh]), old.requires_grad));
        ConditionallyRegisterParameter("columns", _columns);
        old.Dispose();
    }

    private int RowOf(Prompt prompt) => prompt.IsSynthetic ? Columns : prompt.Column < Columns
        ? prompt.Column
        : throw new ArgumentOutOfRangeException(nameof(prompt), prompt.Column, $"The network has {Columns} prompt columns; grow it first.");

    private Tensor Indices(IEnumerable<int> values) => tensor([.. values.Select(v => (long)v)], ScalarType.Int64, _weight.device);
}
