"""What fields of computing a title or a venue speaks of: a small thesaurus made by hand.

A pool of few works cannot teach that VLDB and ICDE are near, or that stereo and camera both belong to vision.
Words of five letters and more stand for every word that begins so; shorter ones, mostly acronyms of conferences,
for themselves. A word may belong to several fields, and then says less of each.
"""

import polars as pl

_FIELDS = {
    "vision": (
        "vision image imagery imaging segmentation stereo camera face facial recogn pose tracking silhouette contour "
        "deformable saliency optical iccv cvpr eccv accv bmvc icip icpr fgr avbpa cvgip caip scia wacv pami photometr "
        "motion shape feature gesture biometric texture illumination visual scene watermark"
    ),
    "graphics": (
        "graphics render mesh animat siggraph eurographics shading shadow polygon subdivision spline nurbs surface "
        "avatar visualiz virtual character morphing offset solid cad geometric texture cgi tvcg smi pacific"
    ),
    "medicine": (
        "medical medicine cardiac tumor cancer clinical patient tomograph brain surgical surgery disease health "
        "diagnos hospital miccai isbi ipmi cars ultrasound physiolog anatom therapy mri mammogra amia"
    ),
    "speech": (
        "speech speaker acoustic audio voice phone prosod utterance spoken icassp interspeech eurospeech icslp icmc "
        "music sound listening auditory sonific"
    ),
    "language": (
        "language linguist translat parsing grammar discourse syntactic lexical lexicon corpus corpora word sentence "
        "text summariz dialog dialogue naacl hlt coling emnlp eacl cicling ijcnlp lrec conll sentiment opinion "
        "semantic entity ambigu acl"
    ),
    "learning": (
        "learning classifi neural kernel clustering bayesian boosting perceptron regression icml nips ecml colt ijcnn "
        "icann esann neurocomputing mixture gaussian markov reinforcement feature training neuron supervised svm uai "
        "jmlr bootstrapping inference"
    ),
    "reasoning": (
        "agent multiagent planning reasoning knowledge belief constraint heuristic aaai ijcai ecai aamas ictai flairs "
        "pricai expert ontolog cbr iccbr ewcbr diagnos explanation iaai fuzzy rough"
    ),
    "retrieval": (
        "retriev search web sigir www cikm ecir trec document hyperlink recommend collaborative filtering digital "
        "library librar jcdl blog ranking tagging social personali wise semantic ontolog"
    ),
    "databases": (
        "database query queries transaction sql xml index join relational sigmod vldb icde pods dexa edbt dasfaa "
        "ssdbm apweb waim icdt tods tkde bncod adbis schema warehouse olap view stream storage lock commit tuple "
        "concurrency recovery"
    ),
    "mining": (
        "mining frequent association itemset outlier anomaly kdd icdm pakdd pkdd sdm dawak dmkd closed clustering "
        "classifi stream temporal pattern subspace"
    ),
    "networks": (
        "network routing router wireless tcp infocom sigcomm mobile sensor multicast congestion traffic packet "
        "bandwidth internet protocol qos peer overlay voip ipv icnp globecom lcn networking mobicom mobihoc handover "
        "manet aina wasa wicon sip"
    ),
    "communications": (
        "channel ofdm mimo modulat fading equaliz antenna receiver transmit precod spectrum cdma symbol interference "
        "icc vtc wcnc pimrc globecom milcom ieice communication cellular estimation detector relay"
    ),
    "coding": (
        "codes decod encod ldpc cyclic convolutional trellis turbo isit block entropy coding parity capacity codeword "
        "quantiz"
    ),
    "security": (
        "security secure cryptograph encrypt attack privacy authenticat signature trust intrusion malware anonym "
        "crypto eurocrypt asiacrypt ccs esorics acsac botnet key access policy credential forensic"
    ),
    "software": (
        "software testing requirement maintenance refactoring icse fse ase icsm msr defect bug version evolution "
        "metrics uml component reuse aspect project developer debugging program process wcre icpc compsac apsec seke"
    ),
    "programming": (
        "programming compiler lambda functional prolog semantics popl pldi oopsla icfp esop sigplan pipelining loop "
        "optimizing garbage java register scheduling debugging execution language"
    ),
    "architecture": (
        "processor cache microarchitect instruction speculative multicore isca micro hpca asplos prefetch branch "
        "superscalar memory simultaneous multithread risc pipeline coprocessor hardware isscc"
    ),
    "circuits": (
        "circuit vlsi fpga cmos mosfet transistor layout synthesis iccad dac date aspdac glsvlsi isqed iscas vts itc "
        "test fault power timing logic gate analog amplifier voltage delay embedded wafer soc noc device silicon"
    ),
    "parallel": (
        "parallel grid distributed cluster mpi ipdps ipps hpdc ccgrid icpp supercomput cloud gpu hpcc europar "
        "multiprocessor scalab message pvm ispan pdcat icpads podc disc thread gcc pdpta"
    ),
    "systems": (
        "operating kernel file storage disk raid osdi sosp usenix availab reliab server virtualiz checkpoint recovery "
        "dependab srds ftcs dsn backup caching"
    ),
    "theory": (
        "complexity algorithm approximat polynomial stoc focs soda icalp esa stacs isaac mfcs lower bound random "
        "hardness online geometry automat learnab inductive turing colt alt fct steiner string"
    ),
    "combinatorics": (
        "graph combinator discrete steiner matroid tournament hamilton vertex chromatic matching latin packing "
        "covering degree cycle regular extremal planar theorem existence"
    ),
    "logic": (
        "petri verification temporal logic theorem prov cav tacas concur lics formal deadlock workflow invariant "
        "concurrency calculus automata bpel specification process"
    ),
    "robotics": (
        "robot manipulator icra iros navigation grasp humanoid localization slam kinematic actuator haptic needle"
    ),
    "control": (
        "control stability nonlinear adaptive feedback observer lyapunov uncertain pid chaos chaotic bifurcation "
        "robust automatica cdc hybrid"
    ),
    "numerics": (
        "numerical equation finite element matrix matrices precondition multigrid wavelet siam solver linear sparse "
        "integral boundary differential interpolation iterative eigenvalue quadrature galerkin computing scientific "
        "fluid"
    ),
    "biology": (
        "gene genes genome genomic protein proteomic sequence bioinformat dna rna cell molecular biolog recomb ismb "
        "microarray phylogen metabolic bibe bibm csb mutation peptide species evolution pathway regulatory"
    ),
    "people": (
        "user interface interact usability chi cscw uist human collaborat iui display gesture multimodal interactive "
        "awareness design participat children mobile tangible ubicomp pervasive hci nordichi"
    ),
    "business": (
        "business management organi enterprise market auction econom price pricing hicss icis decision commerce "
        "customer service supply firm outsourcing strategic manager financ trading investment adoption industry "
        "governance amcis ecis misq isr"
    ),
    "operations": (
        "scheduling optimiz integer queue queueing simulation wsc production inventory vehicle logistic manufactur "
        "planning stochastic assembly genetic evolutionary swarm transport plant gecco cec"
    ),
    "multimedia": (
        "multimedia video mpeg icme mmm codec compress streaming pcm annotation broadcast icip rate watermark photo"
    ),
    "education": (
        "education student teach course curricul learner tutor classroom sigcse its aied pedagog instruct school "
        "academic"
    ),
    "space": (
        "spatial geograph gis map remote sensing satellite terrain cartograph location trajectory geospatial giscience"
    ),
    "measure": (
        "performance benchmark measurement workload evaluation queueing sigmetrics model tpc throughput transient"
    ),
}

_SHORTEST, _LONGEST = 5, 14  # letters of a word that stands for all words that begin so


def fields(words: pl.DataFrame) -> pl.DataFrame:
    """work_id, token (a field), share: what the words (work_id, token) of a work speak of."""
    stems = pl.DataFrame(
        [(word, field) for field, said in _FIELDS.items() for word in said.split()],
        schema=["stem", "field"],
        orient="row",
    )
    starts = [pl.col("token").str.slice(0, length) for length in range(_SHORTEST, _LONGEST + 1)]
    tried = words.select("token").unique().with_columns(stem=pl.concat_list("token", *starts))
    known = tried.explode("stem").join(stems, on="stem").select("token", "field").unique()
    told = words.join(known, on="token").with_columns(share=1 / pl.len().over("work_id", "token"))
    return told.group_by("work_id", "field").agg(pl.col("share").sum()).rename({"field": "token"})
